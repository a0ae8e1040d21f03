using System;
using System.Collections.Generic;

namespace Pwseal
{
    /// <summary>An account of a password-info. What the answer does not have is null.</summary>
    public sealed class Account
    {
        internal Account(string accountId, string accountName)
        {
            AccountId = accountId;
            AccountName = accountName;
        }

        /// <summary>What the source knows the account by, such as a distinguished name.</summary>
        public string AccountId { get; }

        /// <summary>The display name.</summary>
        public string AccountName { get; }
    }

    /// <summary>What else is meant where a change request is made.</summary>
    [Flags]
    public enum ChangeOptions
    {
        /// <summary>Nothing.</summary>
        None = 0,
        /// <summary>A body is made whatever the policies say.</summary>
        DespitePolicy = 1,
        /// <summary>The bytes of the password are meant as they are: none is refused or left out.</summary>
        Raw = 2,
    }

    /// <summary>The answer to query-password-info: the identity, the key, the accounts and the policies. Many threads may use
    /// one.</summary>
    public sealed unsafe class PasswordInfo : IDisposable
    {
        private readonly PasswordInfoHandle handle;

        private PasswordInfo(PasswordInfoHandle handle)
        {
            this.handle = handle;
            IdentityId = Native.LentOrNull(handle, (out NativeBytes text) => Native.pwseal_password_info_identity_id(handle, out text));
            SourceId = Native.LentOrNull(handle, (out NativeBytes text) => Native.pwseal_password_info_source_id(handle, out text));
            PublicKeyId = Native.LentOrNull(handle, (out NativeBytes text) => Native.pwseal_password_info_public_key_id(handle, out text));
            var accounts = new Account[(int)Native.pwseal_password_info_account_count(handle)];
            for (int i = 0; i < accounts.Length; i++)
            {
                var index = (UIntPtr)i;
                accounts[i] = new Account(
                    Native.LentOrNull(handle, (out NativeBytes text) => Native.pwseal_password_info_account_id(handle, index, out text)),
                    Native.LentOrNull(handle, (out NativeBytes text) => Native.pwseal_password_info_account_name(handle, index, out text)));
            }
            Accounts = accounts;
        }

        /// <summary>Reads the JSON of an answer to query-password-info.</summary>
        public static PasswordInfo Parse(byte[] json)
        {
            if (json == null)
                throw new ArgumentNullException(nameof(json));
            PasswordInfoHandle handle;
            fixed (byte* bytes = json)
                Native.Check(Native.pwseal_password_info_parse(bytes, (UIntPtr)json.Length, out handle));
            return new PasswordInfo(handle);
        }

        /// <summary>Reads the JSON of an answer to query-password-info.</summary>
        public static PasswordInfo Parse(string json)
        {
            if (json == null)
                throw new ArgumentNullException(nameof(json));
            return Parse(Native.Utf8(json));
        }

        /// <summary>The id of the identity, or null.</summary>
        public string IdentityId { get; }

        /// <summary>The id of the source, or null.</summary>
        public string SourceId { get; }

        /// <summary>The id of the key, or null.</summary>
        public string PublicKeyId { get; }

        /// <summary>The accounts to choose from.</summary>
        public IReadOnlyList<Account> Accounts { get; }

        /// <summary>Reads the key in it.</summary>
        public PublicKey GetPublicKey()
        {
            KeyHandle key;
            Native.Check(Native.pwseal_password_info_key(handle, out key));
            return new PublicKey(key);
        }

        /// <summary>Reads the policies in it. An answer without policies has one rule that is never checked.</summary>
        public Policy GetPolicy()
        {
            PolicyHandle policy;
            Native.Check(Native.pwseal_password_info_policy(handle, out policy));
            return new Policy(policy);
        }

        /// <summary>Checks a password for an account against the policies in it, and compares it with the account's id and name
        /// where a rule wants that.</summary>
        /// <param name="password">The password.</param>
        /// <param name="account">The id or else the name of an account, equal to the letter, and null for the only one: with
        /// several, one must be chosen.</param>
        /// <param name="context">What rules compare with beside the account's id and name.</param>
        public Report Check(Password password, string account = null, PolicyContext context = null)
        {
            if (password == null)
                throw new ArgumentNullException(nameof(password));
            ReportHandle report = null;
            using (var arena = new Arena())
            using (ContextHandle known = PolicyContext.HandleOf(context))
            {
                NativeBytes name = arena.Text(account);
                password.Use((bytes, length) => Native.Check(Native.pwseal_password_info_check(
                    handle, name.Data, name.Length, known, bytes, length, out report)));
            }
            return new Report(report);
        }

        /// <summary>Makes a random password for an account that violates nothing of the policies in it. The parameters are as for
        /// Check.</summary>
        public Password Generate(string account = null, GenerateOptions options = null, PolicyContext context = null)
        {
            options = options ?? new GenerateOptions();
            using (var arena = new Arena())
            using (ContextHandle known = PolicyContext.HandleOf(context))
            {
                NativeBytes name = arena.Text(account), exclude = arena.Text(options.Exclude);
                PasswordHandle password;
                Native.Check(Native.pwseal_password_info_generate(handle, name.Data, name.Length, known, options.NativeLength,
                    exclude.Data, exclude.Length, options.NoLookAlikes, out password));
                return new Password(password);
            }
        }

        /// <summary>Judges a password, checks it against the policies and encrypts it for an account. One that violates the policies
        /// is a PolicyViolationException; a rule that could not be checked is no violation. A line break or another control
        /// character is refused, a byte order mark in front is left out, and what else may not be as it was meant is in the
        /// warnings. The parameters are as for Check.</summary>
        public ChangeRequest CreateChangeRequest(
            Password password, string account = null, ChangeOptions options = ChangeOptions.None, PolicyContext context = null)
        {
            if (password == null)
                throw new ArgumentNullException(nameof(password));
            ChangeRequestHandle change = null;
            try
            {
                using (var arena = new Arena())
                using (ContextHandle known = PolicyContext.HandleOf(context))
                {
                    NativeBytes name = arena.Text(account);
                    password.Use((bytes, length) => Native.Check(Native.pwseal_change_request_new(
                        handle, name.Data, name.Length, known, bytes, length, (uint)options, out change)));
                }
            }
            catch (PwsealException refusal) when (refusal.Status == PwsealStatus.PolicyViolation)
            {
                throw new PolicyViolationException(refusal, Check(password, account, context));
            }
            return new ChangeRequest(change);
        }

        /// <summary>Frees the password-info. What was made of it stays.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }
    }

    /// <summary>What orders a password change: the body of set-password. Many threads may use one. Dispose wipes the library's
    /// copy.</summary>
    public sealed unsafe class ChangeRequest : IDisposable
    {
        private readonly ChangeRequestHandle handle;

        internal ChangeRequest(ChangeRequestHandle handle)
        {
            this.handle = handle;
            Warnings = Report.ReadWarnings(
                (int)Native.pwseal_change_request_warning_count(handle),
                (UIntPtr index, out int kind) => Native.pwseal_change_request_warning_kind(handle, index, out kind),
                (UIntPtr index, byte* text, ref UIntPtr length) => Native.pwseal_change_request_warning(handle, index, text, ref length));
        }

        /// <summary>Reads a body that was made before.</summary>
        public static ChangeRequest Parse(string json)
        {
            if (json == null)
                throw new ArgumentNullException(nameof(json));
            ChangeRequestHandle handle;
            byte[] body = Native.Utf8(json);
            fixed (byte* bytes = body)
                Native.Check(Native.pwseal_change_request_parse(bytes, (UIntPtr)body.Length, out handle));
            return new ChangeRequest(handle);
        }

        /// <summary>The JSON on one line. Whoever has it and a token can set the password.</summary>
        public string ToJson()
        {
            return Native.Lent(handle, (out NativeBytes text) => Native.pwseal_change_request_body(handle, out text));
        }

        /// <summary>What may not be as it was meant in the password. There are none of a body that was parsed.</summary>
        public IReadOnlyList<PasswordWarning> Warnings { get; }

        /// <summary>Wipes the change request.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }
    }
}
