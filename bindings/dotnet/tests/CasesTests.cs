// The cases that every interface is held to.
using System;
using System.Collections.Generic;
using System.IO;
using System.Json;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Pwseal.Tests
{
    internal static class CasesTests
    {
        /// <summary>Calls a function with the cells of each row of a table, and the file that the row is about.</summary>
        private static void ForEach(string table, Action<string[], byte[]> test)
        {
            string folder = Path.Combine(Example.Root, "tests/cases");
            string[] rows = File.ReadAllText(Path.Combine(folder, table + ".tsv")).TrimEnd('\n').Split('\n').Skip(1).ToArray();
            Check.True(rows.Length > 50, rows.Length + " rows");
            var wrong = new List<string>();
            foreach (string row in rows)
            {
                string[] cells = row.Split('\t');
                try
                {
                    test(cells, File.ReadAllBytes(Path.Combine(folder, table, cells[0])));
                }
                catch (Failed error)
                {
                    wrong.Add(row + ": " + error.Message);
                }
            }
            Check.True(wrong.Count == 0, string.Join("\n", wrong));
        }

        private static void CheckRefusal(PwsealException error, string verdict, string wanted)
        {
            Check.True(verdict != "read" && verdict != "accepted" && error.Message.Contains(wanted), error.Message);
            Check.True(!error.Message.Contains("\n") && !error.Message.Contains("hunter2"), "the message has content");
        }

        private static string Field(ChangeRequest change, string name)
        {
            return JsonValue.Parse(change.ToJson())[name];
        }

        private static string[] Outcomes(Report report)
        {
            return report.Findings.Select(finding =>
                Camel(finding.Outcome == Outcome.NotChecked ? finding.Reason.ToString() : finding.Outcome.ToString())).ToArray();
        }

        private static string Camel(string name)
        {
            return char.ToLowerInvariant(name[0]) + name.Substring(1);
        }

        private static string Kebab(string name)
        {
            return Regex.Replace(name, "(?<=.)[A-Z]", "-$0").ToLowerInvariant();
        }

        public static void Keys()
        {
            ForEach("keys", (cells, file) =>
            {
                PublicKey key;
                try
                {
                    key = PublicKey.Parse(file);
                }
                catch (PwsealException error)
                {
                    CheckRefusal(error, cells[1], cells[2]);
                    return;
                }
                using (key)
                    Check.Equal(cells[1] + " " + cells[2], "read " + key.Fingerprint);
            });
        }

        public static void PasswordInfos()
        {
            ForEach("password-infos", (cells, file) =>
            {
                try
                {
                    using (var password = Password.FromString(Example.Password))
                    using (PasswordInfo info = PasswordInfo.Parse(file))
                    using (ChangeRequest change = info.CreateChangeRequest(password))
                    {
                        Check.Equal("read", cells[1]);
                        Check.Equal("2c918085744fec4301746f9a5bce4605", Field(change, "identityId"));
                        Check.True(Field(change, "accountId").StartsWith("CN=Abby Smith,"), "account");
                        Check.Equal(Example.Password, Example.Decrypt(Convert.FromBase64String(Field(change, "encryptedPassword"))));
                        string[] outcomes = Outcomes(info.Check(password));
                        if (cells[2] == "absent")
                            Check.Equal("noPolicies", string.Join(",", outcomes));
                        else
                            Check.True(outcomes.Length == int.Parse(cells[2]) && !outcomes.Contains("violated"), string.Join(",", outcomes));
                    }
                }
                catch (PwsealException error)
                {
                    CheckRefusal(error, cells[1], cells[2]);
                }
            });
        }

        public static void Passwords()
        {
            using (PasswordInfo info = Example.Info())
                ForEach("passwords", (cells, file) =>
                {
                    if (file.Length > 0)
                        using (var raw = Password.FromBytes(file))
                        using (ChangeRequest change = info.CreateChangeRequest(raw, null, ChangeOptions.Raw | ChangeOptions.DespitePolicy))
                            Check.Equal(Example.Latin1(file), Example.Decrypt(Convert.FromBase64String(Field(change, "encryptedPassword"))));
                    int length = file.Length;
                    if (length > 0 && file[length - 1] == '\n' && --length > 0 && file[length - 1] == '\r')
                        length--;
                    try
                    {
                        using (var password = Password.FromBytes(file.Take(length).ToArray()))
                        using (ChangeRequest change = info.CreateChangeRequest(password, null, ChangeOptions.DespitePolicy))
                        {
                            string hex = string.Concat(Example.Decrypt(Convert.FromBase64String(Field(change, "encryptedPassword")))
                                .Select(character => ((int)character).ToString("x2")));
                            string kinds = string.Join(",", change.Warnings.Select(warning => Kebab(warning.Kind.ToString())));
                            Check.Equal("accepted " + cells[2] + " " + cells[3], cells[1] + " " + hex + " " + kinds);
                        }
                    }
                    catch (PwsealException error)
                    {
                        string wanted = cells[1] == "decoded" ? "UTF-16" : cells[1] == "empty" ? "empty" : cells[3];
                        CheckRefusal(error, cells[1], wanted);
                    }
                });
        }

        private static Dictionary<string, string> Attributes(JsonValue row, string name)
        {
            return row.ContainsKey(name) ? row[name].Cast<KeyValuePair<string, JsonValue>>().ToDictionary(pair => pair.Key, pair => (string)pair.Value) : null;
        }

        private static string Text(JsonValue row, string name)
        {
            return row.ContainsKey(name) ? (string)row[name] : null;
        }

        public static void Policies()
        {
            var rows = (JsonArray)JsonValue.Parse(Encoding.UTF8.GetString(Example.File("tests/cases/policies.json")));
            Check.True(rows.Count > 50, "few rows");
            foreach (JsonValue row in rows)
            {
                string name = Text(row, "accountName"), dictionary = Text(row, "dictionary");
                var context = new PolicyContext
                {
                    AccountId = Text(row, "accountId"),
                    AccountNames = name == null ? null : new[] { name },
                    AccountAttributes = Attributes(row, "accountAttributes"),
                    IdentityAttributes = Attributes(row, "identityAttributes"),
                    Dictionary = dictionary == null ? null : PasswordDictionary.Parse(dictionary),
                };
                using (Policy policy = Policy.FromAnswer(((JsonArray)row["policies"]).Select(rule => (string)rule).ToArray()))
                using (var password = Password.FromString((string)row["password"]))
                {
                    string wanted = string.Join(",", ((JsonArray)row["outcomes"]).Select(outcome => (string)outcome));
                    string found = string.Join(",", Outcomes(policy.Check(password, context)));
                    Check.True(wanted == found, row.ToString() + ": " + found);
                }
            }
        }
    }
}
