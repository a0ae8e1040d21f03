using System;
using System.Collections.Generic;
using System.Linq;

namespace Pwseal
{
    /// <summary>The rules for a password. Many threads may use one.</summary>
    public sealed unsafe class Policy : IDisposable
    {
        private readonly PolicyHandle handle;

        internal Policy(PolicyHandle handle)
        {
            this.handle = handle;
        }

        private delegate int ReadStrings(NativeBytes* strings, UIntPtr count, out PolicyHandle policy);

        /// <summary>Reads policy strings that somebody wrote, such as "passwordMinLength is 8". One that is not understood is
        /// refused, with the name that may be meant.</summary>
        public static Policy Parse(params string[] policies)
        {
            return Read(policies, Native.pwseal_policy_parse);
        }

        /// <summary>Reads the policy strings of an answer. None is refused: one that is not understood is a rule that a check
        /// reports as not checked.</summary>
        public static Policy FromAnswer(params string[] policies)
        {
            return Read(policies, Native.pwseal_policy_from_strings);
        }

        private static Policy Read(string[] policies, ReadStrings read)
        {
            if (policies == null)
                throw new ArgumentNullException(nameof(policies));
            using (var arena = new Arena())
            {
                NativeBytes* array = arena.Array(policies.Length);
                for (int i = 0; i < policies.Length; i++)
                    array[i] = arena.Text(policies[i]);
                PolicyHandle handle;
                Native.Check(read(array, (UIntPtr)policies.Length, out handle));
                return new Policy(handle);
            }
        }

        /// <summary>The policy strings, word for word as they came: to compare them, not to show them.</summary>
        public IReadOnlyList<string> Rules
        {
            get
            {
                var rules = new string[(int)Native.pwseal_policy_rule_count(handle)];
                for (int i = 0; i < rules.Length; i++)
                {
                    var index = (UIntPtr)i;
                    rules[i] = Native.Written((byte* text, ref UIntPtr length) => Native.pwseal_policy_rule(handle, index, text, ref length));
                }
                return rules;
            }
        }

        /// <summary>Compares a password with every rule. A rule that needs what the context has not is reported as not
        /// checked.</summary>
        public Report Check(Password password, PolicyContext context = null)
        {
            if (password == null)
                throw new ArgumentNullException(nameof(password));
            ReportHandle report = null;
            using (ContextHandle known = PolicyContext.HandleOf(context))
                password.Use((bytes, length) => Native.Check(Native.pwseal_policy_check(handle, known, bytes, length, out report)));
            return new Report(report);
        }

        /// <summary>Makes a random password that violates nothing of the policy, each with the same probability. It is ASCII without
        /// space and colon. Rules that compare with something else are kept as far as the context has it.</summary>
        public Password Generate(GenerateOptions options = null, PolicyContext context = null)
        {
            options = options ?? new GenerateOptions();
            UIntPtr length = options.NativeLength;
            if (options.Length == 0)
            {
                UIntPtr shortest, longest;
                Native.Check(Native.pwseal_policy_length_range(handle, out shortest, out longest));
                length = (UIntPtr)Math.Max((ulong)shortest, Math.Min((ulong)longest, 16));
            }
            using (var arena = new Arena())
            using (ContextHandle known = PolicyContext.HandleOf(context))
            {
                NativeBytes exclude = arena.Text(options.Exclude);
                PasswordHandle password;
                Native.Check(Native.pwseal_policy_generate(handle, known, length, exclude.Data, exclude.Length, options.NoLookAlikes, out password));
                return new Password(password);
            }
        }

        /// <summary>Frees the policy.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }
    }

    /// <summary>What a generated password is like. The defaults are right for most.</summary>
    public sealed class GenerateOptions
    {
        /// <summary>The length in characters, up to 1024. 0 stands for 16, or what the policy allows next to that.</summary>
        public int Length { get; set; }

        /// <summary>Characters to leave out, one after the other.</summary>
        public string Exclude { get; set; }

        /// <summary>Leaves out characters that look like others, such as 0O and 1lI|.</summary>
        public bool NoLookAlikes { get; set; }

        internal UIntPtr NativeLength => Length >= 0
            ? (UIntPtr)(uint)Length
            : throw new PwsealException(PwsealStatus.OutOfRange, "a password of " + Length + " characters is asked for: it has 1 at least");
    }

    /// <summary>What rules compare a password with beside the password itself. What is null is not known.</summary>
    public sealed class PolicyContext
    {
        /// <summary>The library's context, and none for null.</summary>
        internal static ContextHandle HandleOf(PolicyContext context)
        {
            return context == null ? new ContextHandle() : context.ToHandle();
        }

        /// <summary>The accountId of a password-info.</summary>
        public string AccountId { get; set; }

        /// <summary>The accountName of a password-info, and the display name where that is another.</summary>
        public IEnumerable<string> AccountNames { get; set; }

        /// <summary>The account's attributes on its source. A report may say a name, never a value.</summary>
        public IDictionary<string, string> AccountAttributes { get; set; }

        /// <summary>The attributes of the identity. A report may say a name, never a value.</summary>
        public IDictionary<string, string> IdentityAttributes { get; set; }

        /// <summary>The words that no password may contain.</summary>
        public PasswordDictionary Dictionary { get; set; }

        private ContextHandle ToHandle()
        {
            ContextHandle handle;
            Native.Check(Native.pwseal_context_new(out handle));
            try
            {
                using (var arena = new Arena())
                    Fill(handle, arena);
                return handle;
            }
            catch
            {
                handle.Dispose();
                throw;
            }
        }

        private unsafe void Fill(ContextHandle handle, Arena arena)
        {
            if (!string.IsNullOrEmpty(AccountId))
            {
                NativeBytes id = arena.Text(AccountId);
                Native.Check(Native.pwseal_context_set_account_id(handle, id.Data, id.Length));
            }
            foreach (string accountName in AccountNames ?? Enumerable.Empty<string>())
            {
                NativeBytes name = arena.Text(accountName);
                Native.Check(Native.pwseal_context_add_account_name(handle, name.Data, name.Length));
            }
            foreach (var attribute in AccountAttributes ?? new Dictionary<string, string>())
            {
                NativeBytes name = arena.Text(attribute.Key), value = arena.Text(attribute.Value);
                Native.Check(Native.pwseal_context_add_account_attribute(handle, name.Data, name.Length, value.Data, value.Length));
            }
            foreach (var attribute in IdentityAttributes ?? new Dictionary<string, string>())
            {
                NativeBytes name = arena.Text(attribute.Key), value = arena.Text(attribute.Value);
                Native.Check(Native.pwseal_context_add_identity_attribute(handle, name.Data, name.Length, value.Data, value.Length));
            }
            if (Dictionary != null)
                Native.Check(Native.pwseal_context_set_dictionary(handle, Dictionary.Handle));
        }
    }

    /// <summary>The organization's dictionary of words that no password may contain. Many threads may use one.</summary>
    public sealed unsafe class PasswordDictionary : IDisposable
    {
        internal readonly DictionaryHandle Handle;

        private PasswordDictionary(DictionaryHandle handle)
        {
            Handle = handle;
        }

        /// <summary>Reads a dictionary file, in the format of the API's Password Dictionary: UTF-8, one word a line, lines that
        /// start with # are comments, one line may be locale=... There are at most 128 characters in a line, and 2,500
        /// words.</summary>
        public static PasswordDictionary Parse(byte[] file)
        {
            if (file == null)
                throw new ArgumentNullException(nameof(file));
            DictionaryHandle handle;
            fixed (byte* bytes = file)
                Native.Check(Native.pwseal_dictionary_parse(bytes, (UIntPtr)file.Length, out handle));
            return new PasswordDictionary(handle);
        }

        /// <summary>Reads what is in a dictionary file.</summary>
        public static PasswordDictionary Parse(string file)
        {
            if (file == null)
                throw new ArgumentNullException(nameof(file));
            return Parse(Native.Utf8(file));
        }

        /// <summary>Frees the dictionary.</summary>
        public void Dispose()
        {
            Handle.Dispose();
        }
    }
}
