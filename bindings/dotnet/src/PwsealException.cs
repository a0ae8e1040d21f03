using System;

namespace Pwseal
{
    /// <summary>What kind of error it is. The numbers are those of the C interface, and keep their meaning for ever.</summary>
    public enum PwsealStatus
    {
        /// <summary>No object in memory has this length.</summary>
        LengthTooLarge = 2,
        /// <summary>A defect of the library. Please report it.</summary>
        Panic = 4,
        /// <summary>The key is empty, damaged, or no key.</summary>
        InvalidKey = 5,
        /// <summary>The password has no bytes, which is nearly always a mistake.</summary>
        EmptyPassword = 6,
        /// <summary>The password is longer than the key, or any key, can encrypt.</summary>
        PasswordTooLong = 7,
        /// <summary>The operating system gave no random bytes, so nothing was encrypted.</summary>
        RandomSource = 8,
        /// <summary>A text is not UTF-8.</summary>
        InvalidUtf8 = 9,
        /// <summary>A number is out of its range.</summary>
        OutOfRange = 10,
        /// <summary>The password-info is no JSON, or not of the shape of the API's message.</summary>
        InvalidPasswordInfo = 12,
        /// <summary>A field is absent, null or blank.</summary>
        MissingField = 13,
        /// <summary>The identity has no account on the source.</summary>
        NoAccounts = 14,
        /// <summary>There are several accounts, and none was chosen.</summary>
        AccountNotChosen = 15,
        /// <summary>No account has the id or name that was asked for.</summary>
        AccountNotFound = 16,
        /// <summary>Several accounts have the name that was asked for.</summary>
        AccountNameNotUnique = 17,
        /// <summary>The password violates a rule of the policies: see PolicyViolationException.</summary>
        PolicyViolation = 18,
        /// <summary>No password, or none of the length asked for, can satisfy the policy.</summary>
        PolicyConflict = 19,
        /// <summary>Next to no password of the length asked for satisfies the policy.</summary>
        PolicyTooNarrow = 20,
        /// <summary>The dictionary cannot be read.</summary>
        InvalidDictionary = 21,
        /// <summary>The body of set-password is no JSON, not of the shape of the API's message, or not encrypted.</summary>
        InvalidChangeRequest = 31,
        /// <summary>A private key, another algorithm or form, or a modulus that is too short or too long.</summary>
        UnsupportedKey = 32,
        /// <summary>The password is not acceptable as text, and nobody said that it is meant as it is.</summary>
        PasswordNotText = 33,
        /// <summary>There is not enough memory.</summary>
        OutOfMemory = 34,
        /// <summary>The policy cannot be read, or says nothing.</summary>
        InvalidPolicy = 35,
        /// <summary>The input is something else than the message that is wanted: an error of the API, HTML, a key.</summary>
        OtherMessage = 36,
        /// <summary>What has no number of its own. The message says what.</summary>
        Other = 38,
    }

    /// <summary>What the library refused, and why. The message says what is wrong, where, and what to do, and holds no byte of a
    /// password.</summary>
    public class PwsealException : Exception
    {
        internal PwsealException(PwsealStatus status, string message, long? index = null, long? position = null, long? given = null, long? wanted = null)
            : base(message)
        {
            Status = status;
            Index = index;
            Position = position;
            Given = given;
            Wanted = wanted;
        }

        /// <summary>What kind of error it is.</summary>
        public PwsealStatus Status { get; }

        /// <summary>Which element of an array is at fault, counted from 0.</summary>
        public long? Index { get; }

        /// <summary>Where in the input something is wrong, as an offset in bytes; in a string or SecureString, in characters of
        /// UTF-16.</summary>
        public long? Position { get; }

        /// <summary>The number that was given or found, such as a length in bytes.</summary>
        public long? Given { get; }

        /// <summary>The number that it must have, or may have at most or at least.</summary>
        public long? Wanted { get; }
    }

    /// <summary>A password violates the policies of a password-info.</summary>
    public sealed class PolicyViolationException : PwsealException
    {
        internal PolicyViolationException(PwsealException refusal, Report report) : base(refusal.Status, refusal.Message)
        {
            Report = report;
        }

        /// <summary>It has a finding for each rule.</summary>
        public Report Report { get; }
    }
}
