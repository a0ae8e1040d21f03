// What is .NET's own: types, exceptions, disposal, threads, and what stays in memory.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security;
using System.Text;
using System.Threading;

namespace Pwseal.Tests
{
    internal static class BindingTests
    {
        private static SecureString Secure(string text)
        {
            var secure = new SecureString();
            foreach (char character in text)
                secure.AppendChar(character);
            return secure;
        }

        public static void AKeyHasItsFacts()
        {
            using (PublicKey key = Example.Key())
            {
                Check.Equal(2048, key.Bits);
                Check.Equal(245, key.MaxPasswordLength);
                using (PublicKey again = PublicKey.Parse(Encoding.ASCII.GetString(Example.File("examples/public-key.pem"))))
                    Check.Equal(key.Fingerprint, again.Fingerprint);
            }
        }

        public static void NetDecryptsWhatIsEncrypted()
        {
            foreach (string text in new[] { Example.Password, "x", new string('y', 245), "p\u0000\u00ff\n" })
            {
                byte[] latin1 = text.Select(character => (byte)character).ToArray();
                using (PublicKey key = Example.Key())
                using (var password = Password.FromBytes(latin1))
                {
                    Check.Equal(text, Example.Decrypt(key.Encrypt(password)));
                    string base64 = key.EncryptToBase64(password);
                    Check.Equal(344, base64.Length);
                    Check.Equal(text, Example.Decrypt(Convert.FromBase64String(base64)));
                    Check.Equal(text, Example.Latin1(password.ToBytes()));
                }
            }
        }

        public static void ManyAreEncryptedInOrder()
        {
            using (PublicKey key = Example.Key())
            {
                Check.Equal(0, key.EncryptMany(new Password[0]).Length);
                Password[] passwords = Enumerable.Range(0, 130).Select(i => Password.FromString("hunter" + i)).ToArray();
                byte[][] ciphertexts = key.EncryptMany(passwords);
                for (int i = 0; i < passwords.Length; i++)
                    Check.Equal("hunter" + i, Example.Decrypt(ciphertexts[i]));
                passwords[7] = Password.FromBytes(new byte[0]);
                Check.Equal(7L, Check.Refuses(PwsealStatus.EmptyPassword, "at index 7", () => key.EncryptMany(passwords)).Index.Value);
                passwords[7] = null;
                Check.Throws<ArgumentException>("password 7", () => key.EncryptMany(passwords));
                passwords[8].Dispose();
                passwords[7] = passwords[9];
                Check.Throws<ObjectDisposedException>("", () => key.EncryptMany(passwords));
                // What was acquired is released: disposing wipes it at once.
                passwords[0].Dispose();
                Check.Throws<ObjectDisposedException>("", () => passwords[0].ToBytes());
            }
        }

        public static void EveryKindOfTextBecomesTheSamePassword()
        {
            foreach (string text in new[] { Example.Password, "p\u00e4ss\u20ac7", "\ud83d\udd11abc" })
            {
                byte[] utf8 = Encoding.UTF8.GetBytes(text);
                using (SecureString secure = Secure(text))
                    foreach (Password password in new[]
                    {
                        Password.FromSecureString(secure), Password.FromString(text), Password.FromBytes(utf8),
#if NETCOREAPP
                        Password.FromBytes(utf8.AsSpan()), Password.FromChars(text.AsSpan()),
#endif
                    })
                        using (password)
                        using (SecureString back = password.ToSecureString())
                        using (Password again = Password.FromSecureString(back))
                        {
                            Check.True(utf8.SequenceEqual(password.ToBytes()), text);
                            Check.True(utf8.SequenceEqual(again.ToBytes()), text);
                            Check.Equal("a password", password.ToString());
                        }
            }
        }

        public static void APasswordThatIsNoneIsRefused()
        {
            Check.Refuses(PwsealStatus.EmptyPassword, "empty", () => Password.FromString(""));
            Check.Refuses(PwsealStatus.EmptyPassword, "empty", () => Password.FromSecureString(new SecureString()));
            Check.Refuses(PwsealStatus.PasswordNotText, "surrogate", () => Password.FromString("hunter2\ud83d"));
            Check.Throws<ArgumentNullException>("", () => Password.FromString(null));
            Check.Throws<ArgumentNullException>("", () => Password.FromBytes((byte[])null));
            Check.Throws<ArgumentNullException>("", () => Password.FromSecureString(null));
            using (var bytes = Password.FromBytes(Encoding.ASCII.GetBytes("hunter2").Concat(new byte[] { 0xff }).ToArray()))
                Check.Refuses(PwsealStatus.PasswordNotText, "not UTF-8", () => bytes.ToSecureString());
            using (PublicKey key = Example.Key())
            using (var password = Password.FromString(string.Concat(Enumerable.Repeat("hunter2", 40))))
            {
                var error = Check.Refuses(PwsealStatus.PasswordTooLong, "280 bytes", () => key.Encrypt(password));
                Check.Equal(280L, error.Given.Value);
                Check.Equal(245L, error.Wanted.Value);
            }
        }

        public static void HalfASurrogatePairIsNothingElse()
        {
            const string half = "Abby\ud83d";
            using (PasswordInfo info = Example.Info())
            using (var password = Password.FromString(Example.Password))
            using (Policy policy = info.GetPolicy())
                foreach (Action call in new Action[]
                {
                    () => info.CreateChangeRequest(password, half), () => info.Check(password, half), () => PasswordInfo.Parse(half),
                    () => PublicKey.Parse(half), () => Policy.Parse(half), () => PasswordDictionary.Parse(half),
                    () => ChangeRequest.Parse(half), () => policy.Generate(new GenerateOptions { Exclude = half }),
                    () => policy.Check(password, new PolicyContext { AccountNames = new[] { half } }),
                })
                    Check.Equal(4L, Check.Refuses(PwsealStatus.InvalidUtf8, "at character 5", call).Position.Value);
        }

        public static void ABodyIsMadeForTheAccount()
        {
            using (PasswordInfo info = Example.Info())
            using (var password = Password.FromString(Example.Password))
            {
                Check.Equal("2c918083746f642c01746f990884012a", info.SourceId);
                Check.Equal("N2M1OTJiMGEtMDJlZS00ZWU3LTkyYTEtNjA5YmI5NWE3ZWVh", info.PublicKeyId);
                Check.Equal(Example.AccountId, info.Accounts.Single().AccountId);
                Check.Equal("Abby.Smith", info.Accounts.Single().AccountName);
                foreach (string account in new[] { null, "", "Abby.Smith", Example.AccountId })
                    using (ChangeRequest change = info.CreateChangeRequest(password, account))
                    using (ChangeRequest again = ChangeRequest.Parse(change.ToJson()))
                    {
                        Check.Equal(change.ToJson(), again.ToJson());
                        Check.True(change.ToJson().Contains("\"accountId\":\"" + Example.AccountId), change.ToJson());
                        Check.Equal(0, change.Warnings.Count);
                    }
                Check.Refuses(PwsealStatus.AccountNotFound, "no account has this id or name", () => info.CreateChangeRequest(password, "nobody"));
            }
        }

        public static void ABodyThatIsRefusedSaysWhy()
        {
            using (PasswordInfo info = Example.Info())
            using (var weak = Password.FromString("hunter"))
            using (var broken = Password.FromString("hunter22\n"))
            {
                var error = Check.Throws<PolicyViolationException>("passwordMinNumeric is 1", () => info.CreateChangeRequest(weak));
                Check.Equal(PwsealStatus.PolicyViolation, error.Status);
                Check.Equal(Outcome.Violated, error.Report.Findings[3].Outcome);
                Check.True(error.Report.HasViolation && !error.Report.AllPassed, "report");
                Check.Equal(8L, Check.Refuses(PwsealStatus.PasswordNotText, "line break at byte 8", () => info.CreateChangeRequest(broken)).Position.Value);
                using (ChangeRequest change = info.CreateChangeRequest(broken, null, ChangeOptions.Raw | ChangeOptions.DespitePolicy))
                    Check.True(change.Warnings.Count > 0 && change.Warnings[0].Message.Length > 0, "warnings");
                using (Policy dictionary = Policy.Parse("checkPasswordsAgainstDictionary is true"))
                using (var words = PasswordDictionary.Parse("hunter\n"))
                {
                    var context = new PolicyContext { Dictionary = words };
                    Check.Equal(Outcome.Violated, dictionary.Check(weak, context).Findings[0].Outcome);
                    Check.Equal(Reason.NotGiven, dictionary.Check(weak).Findings[0].Reason);
                }
            }
            Check.Refuses(PwsealStatus.OtherMessage, "JWT is expired", () => PasswordInfo.Parse("{\"error\": \"JWT is expired\"}"));
            Check.Refuses(PwsealStatus.InvalidKey, "not DER", () => PublicKey.Parse("AIIBIjAN"));
            Check.Refuses(PwsealStatus.InvalidPolicy, "passwordMinLength", () => Policy.Parse("passwordMinLenght is 12"));
            Check.Throws<PwsealException>("", () => ChangeRequest.Parse("{\"encryptedPassword\": \"hunter2\"}"));
            Check.Throws<ArgumentNullException>("", () => PasswordInfo.Parse((string)null));
            using (PasswordInfo empty = PasswordInfo.Parse("{\"accounts\": [{}]}"))
            {
                Check.True(empty.IdentityId == null && empty.Accounts[0].AccountId == null, "null");
                Check.Refuses(PwsealStatus.MissingField, "publicKey", () => empty.GetPublicKey());
            }
        }

        public static void AReportIsTyped()
        {
            using (Policy policy = Policy.FromAnswer("passwordMinLength is 16", "passwordHistory is 5", "a\u001b[2J is 1"))
            using (var password = Password.FromString(Example.Password + " "))
            {
                Check.Equal("passwordMinLength is 16,passwordHistory is 5,a\u001b[2J is 1", string.Join(",", policy.Rules));
                Report report = policy.Check(password);
                Finding length = report.Findings[0], history = report.Findings[1], odd = report.Findings[2];
                Check.Equal("passwordMinLength is 16: has 16 characters, and at least 16 are wanted", length.ToString());
                Check.True(length.Found == 16 && length.Wanted == 16 && history.Found == null, "numbers");
                Check.Equal(Reason.OldPasswords, history.Reason);
                Check.True(odd.Rule == "a\u001b[2J is 1" && !odd.PrintableRule.Contains("\u001b"), odd.PrintableRule);
                Check.Equal(WarningKind.TrailingWhiteSpace, report.Warnings.Single().Kind);
                Check.True(!report.HasViolation && !report.AllPassed, "report");
            }
        }

        public static void WhatIsGeneratedViolatesNothing()
        {
            using (PasswordInfo info = Example.Info())
            using (Policy policy = info.GetPolicy())
            {
                foreach (var options in new[]
                {
                    null, new GenerateOptions { Length = 5 }, new GenerateOptions { Length = 1024 },
                    new GenerateOptions { Length = 40, Exclude = "abc\u00e9", NoLookAlikes = true },
                })
                    foreach (Password password in new[] { policy.Generate(options), info.Generate("Abby.Smith", options) })
                        using (password)
                        {
                            string text = Example.Latin1(password.ToBytes());
                            Check.Equal(options == null ? 16 : options.Length, text.Length);
                            Check.True(text.Length > 1000 || !policy.Check(password).HasViolation, "it violates the policy");
                            Check.True(options?.Exclude == null || text.IndexOfAny("abc0O1lI|".ToCharArray()) < 0, "a character that is excluded");
                        }
                foreach (int length in new[] { -1, 1025 })
                {
                    var options = new GenerateOptions { Length = length };
                    Check.Refuses(PwsealStatus.OutOfRange, "of " + length + " characters", () => policy.Generate(options));
                    Check.Refuses(PwsealStatus.OutOfRange, "of " + length + " characters", () => info.Generate(null, options));
                }
            }
            using (Policy policy = Policy.Parse("passwordMinLength is 20"))
            {
                using (Password password = policy.Generate())
                    Check.Equal(20, password.ToBytes().Length);
                Check.Refuses(PwsealStatus.PolicyConflict, "", () => policy.Generate(new GenerateOptions { Length = 10 }));
            }
        }

        public static void WhatIsDisposedIsRefused()
        {
            PublicKey key = Example.Key();
            PasswordInfo info = Example.Info();
            Policy policy = info.GetPolicy();
            Password password = Password.FromString(Example.Password);
            ChangeRequest change = info.CreateChangeRequest(password);
            foreach (IDisposable disposable in new IDisposable[] { key, info, policy, change })
            {
                disposable.Dispose();
                disposable.Dispose();
            }
            Check.Throws<ObjectDisposedException>("", () => key.Encrypt(password));
            Check.Throws<ObjectDisposedException>("", () => info.Check(password));
            Check.Throws<ObjectDisposedException>("", () => policy.Check(password));
            Check.Throws<ObjectDisposedException>("", () => change.ToJson());
            password.Dispose();
            using (PublicKey other = Example.Key())
                Check.Throws<ObjectDisposedException>("", () => other.Encrypt(password));
        }

        public static void ManyThreadsUseAKeyUntilOneDisposesIt()
        {
            PublicKey key = Example.Key();
            using (var password = Password.FromString(Example.Password))
            {
                var wrong = new List<Exception>();
                int encrypted = 0;
                Thread[] threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
                {
                    try
                    {
                        while (true)
                        {
                            key.Encrypt(password);
                            Interlocked.Increment(ref encrypted);
                            // The message is that of this thread.
                            Check.Refuses(PwsealStatus.InvalidKey, "not DER", () => PublicKey.Parse("AIIBIjAN"));
                        }
                    }
                    catch (ObjectDisposedException) { }
                    catch (Exception error)
                    {
                        lock (wrong)
                            wrong.Add(error);
                    }
                })).ToArray();
                foreach (Thread thread in threads)
                    thread.Start();
                while (Volatile.Read(ref encrypted) < 100)
                    Thread.Sleep(1);
                key.Dispose();
                foreach (Thread thread in threads)
                    thread.Join();
                Check.True(wrong.Count == 0, string.Join("\n", wrong));
            }
        }

        // Bytes that nobody meant: each is read or a PwsealException, and nothing else.
        public static void AnyBytesAreReadOrRefused()
        {
            var random = new Random(26);
            using (var password = Password.FromString(Example.Password))
                foreach (string folder in new[] { "keys", "password-infos" })
                    foreach (string path in Directory.GetFiles(Path.Combine(Example.Root, "tests/cases", folder)))
                    {
                        byte[] original = File.ReadAllBytes(path);
                        for (int round = 0; round < 20; round++)
                        {
                            byte[] bytes = original.Take(random.Next(original.Length + 1)).ToArray();
                            for (int change = 0; bytes.Length > 0 && change < 3; change++)
                                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                            try
                            {
                                using (PublicKey key = PublicKey.Parse(bytes))
                                    key.Encrypt(password);
                            }
                            catch (PwsealException) { }
                            try
                            {
                                using (PasswordInfo info = PasswordInfo.Parse(bytes))
                                    info.CreateChangeRequest(password).Dispose();
                            }
                            catch (PwsealException) { }
                        }
                    }
        }

        public static void TheVersionIsThatOfTheLibrary()
        {
            Check.True(PwsealLibrary.Version.Split('.').Length == 3, PwsealLibrary.Version);
        }
    }
}
