using System;
using System.Collections.Generic;

namespace Pwseal
{
    /// <summary>What became of a rule.</summary>
    public enum Outcome
    {
        /// <summary>The password keeps the rule, or the rule asks for nothing.</summary>
        Passed,
        /// <summary>The password breaks the rule.</summary>
        Violated,
        /// <summary>It is not known whether the password keeps the rule.</summary>
        NotChecked,
    }

    /// <summary>Why a rule was not checked.</summary>
    public enum Reason
    {
        /// <summary>It was checked.</summary>
        None,
        /// <summary>One that came later than this list; the message says it.</summary>
        Other,
        /// <summary>The rule is none of those that are known here.</summary>
        NotUnderstood,
        /// <summary>The value is no number, or neither on nor off.</summary>
        UnreadableValue,
        /// <summary>The rule compares with earlier passwords, which only the server knows.</summary>
        OldPasswords,
        /// <summary>What the rule compares with is not in the context.</summary>
        NotGiven,
        /// <summary>Readings of the documentation differ, and a word of fewer than three characters occurs.</summary>
        ShortWords,
        /// <summary>Readings differ, and the password has characters that the platform is documented not to take.</summary>
        DoubtfulCharacters,
        /// <summary>Readings differ, and more character types are asked for than have a minimum.</summary>
        CharacterTypes,
        /// <summary>A word length without the rule it belongs to.</summary>
        WordLengthAlone,
        /// <summary>The password is not UTF-8, so that it has no characters to look at.</summary>
        NotUtf8,
        /// <summary>Readings differ, and as many characters are repeated in all as the rule says.</summary>
        RepeatedCharacters,
        /// <summary>Readings differ, and a part of the account's ID or name occurs, and no word of it.</summary>
        PartsOfWords,
        /// <summary>Readings differ, and a character type has too few, and enough others have enough.</summary>
        UnmetMinimum,
        /// <summary>Readings differ, and the password has characters beyond U+FFFF.</summary>
        LengthUnits,
        /// <summary>The answer has no policies.</summary>
        NoPolicies,
        /// <summary>No body is made of the password: it has what nobody types, or is UTF-16.</summary>
        NotText,
    }

    /// <summary>What a warning is about.</summary>
    public enum WarningKind
    {
        /// <summary>One that came later than this list; the message says it.</summary>
        Other,
        /// <summary>White space at the beginning.</summary>
        LeadingWhiteSpace,
        /// <summary>White space at the end.</summary>
        TrailingWhiteSpace,
        /// <summary>A no-break space, or another one that is not U+0020.</summary>
        NoBreakSpace,
        /// <summary>A zero-width space or joiner, a soft hyphen, a mark of direction.</summary>
        InvisibleCharacter,
        /// <summary>A quote, dash or ellipsis that word processors write.</summary>
        SmartPunctuation,
        /// <summary>U+FFFD or U+FFFC, which stand for something else.</summary>
        ReplacementCharacter,
        /// <summary>UTF-8 that was read as Latin-1 or Windows-1252, and written as UTF-8 again.</summary>
        Mojibake,
        /// <summary>Not in Unicode's Normalization Form C.</summary>
        NotNfc,
        /// <summary>What a spreadsheet makes of a number, a date or a formula.</summary>
        SpreadsheetValue,
        /// <summary>What a program writes where it has no value, or hides it.</summary>
        Placeholder,
        /// <summary>Within straight quotes.</summary>
        InQuotes,
        /// <summary>A backslash and an n, or an r, at the end.</summary>
        EscapedLineBreak,
        /// <summary>A colon, which the platform is documented not to take.</summary>
        Colon,
        /// <summary>A character outside ASCII, which the platform is documented not to take.</summary>
        NonAscii,
        /// <summary>A control character, in a password that is meant as it is or only checked.</summary>
        ControlCharacter,
        /// <summary>Bytes that are not UTF-8, in a password that is meant as it is or only checked.</summary>
        NotUtf8,
    }

    /// <summary>Something about a password that is no error, and that its owner may not have meant.</summary>
    public sealed class PasswordWarning
    {
        internal PasswordWarning(WarningKind kind, string message)
        {
            Kind = kind;
            Message = message;
        }

        /// <summary>What it is about.</summary>
        public WarningKind Kind { get; }

        /// <summary>A sentence.</summary>
        public string Message { get; }

        /// <summary>The sentence.</summary>
        public override string ToString()
        {
            return Message;
        }
    }

    /// <summary>What a check found about one rule.</summary>
    public sealed class Finding
    {
        internal Finding(NativeFinding finding, string rule, string printableRule, string message)
        {
            Outcome = Enum.IsDefined(typeof(Outcome), finding.Outcome) ? (Outcome)finding.Outcome : Outcome.NotChecked;
            Reason = Enum.IsDefined(typeof(Reason), finding.Reason) ? (Reason)finding.Reason : Reason.Other;
            Found = finding.Found < 0 ? (long?)null : finding.Found;
            Wanted = finding.Wanted < 0 ? (long?)null : finding.Wanted;
            Rule = rule;
            PrintableRule = printableRule;
            Message = message;
        }

        /// <summary>The policy string, word for word as it came: to compare it, not to show it.</summary>
        public string Rule { get; }

        /// <summary>The policy string for a terminal or a log: what is not printable is escaped.</summary>
        public string PrintableRule { get; }

        /// <summary>What became of the rule.</summary>
        public Outcome Outcome { get; }

        /// <summary>Why it was not checked.</summary>
        public Reason Reason { get; }

        /// <summary>What was counted in the password, or null.</summary>
        public long? Found { get; }

        /// <summary>The number that the rule asks for, or null.</summary>
        public long? Wanted { get; }

        /// <summary>A sentence, such as "has 4 characters, but at least 8 are wanted".</summary>
        public string Message { get; }

        /// <summary>The rule and the sentence.</summary>
        public override string ToString()
        {
            return PrintableRule + ": " + Message;
        }
    }

    /// <summary>What a check found, without the password or a part of it.</summary>
    public sealed unsafe class Report
    {
        internal Report(ReportHandle report)
        {
            using (report)
            {
                HasViolation = Native.pwseal_report_has_violation(report);
                AllPassed = Native.pwseal_report_all_passed(report);
                var findings = new Finding[(int)Native.pwseal_report_finding_count(report)];
                for (int i = 0; i < findings.Length; i++)
                {
                    var index = (UIntPtr)i;
                    NativeFinding finding;
                    Native.Check(Native.pwseal_report_finding(report, index, out finding));
                    findings[i] = new Finding(
                        finding,
                        Native.Written((byte* text, ref UIntPtr length) => Native.pwseal_report_rule(report, index, text, ref length)),
                        Native.Written((byte* text, ref UIntPtr length) => Native.pwseal_report_rule_printable(report, index, text, ref length)),
                        Native.Written((byte* text, ref UIntPtr length) => Native.pwseal_report_message(report, index, text, ref length)));
                }
                Findings = findings;
                Warnings = ReadWarnings(
                    (int)Native.pwseal_report_warning_count(report),
                    (UIntPtr index, out int kind) => Native.pwseal_report_warning_kind(report, index, out kind),
                    (UIntPtr index, byte* text, ref UIntPtr length) => Native.pwseal_report_warning(report, index, text, ref length));
            }
        }

        /// <summary>Whether a rule is violated. Without one, not every rule need have been checked.</summary>
        public bool HasViolation { get; }

        /// <summary>Whether every rule was checked and passed. Warnings do not count.</summary>
        public bool AllPassed { get; }

        /// <summary>One for each rule, in the order of the policy.</summary>
        public IReadOnlyList<Finding> Findings { get; }

        /// <summary>What to tell the user that is no violation.</summary>
        public IReadOnlyList<PasswordWarning> Warnings { get; }

        internal delegate int ReadKind(UIntPtr index, out int kind);

        internal delegate int WriteSentence(UIntPtr index, byte* text, ref UIntPtr length);

        internal static PasswordWarning[] ReadWarnings(int count, ReadKind readKind, WriteSentence write)
        {
            var warnings = new PasswordWarning[count];
            for (int i = 0; i < count; i++)
            {
                var index = (UIntPtr)i;
                int kind;
                Native.Check(readKind(index, out kind));
                string message = Native.Written((byte* text, ref UIntPtr length) => write(index, text, ref length));
                warnings[i] = new PasswordWarning(Enum.IsDefined(typeof(WarningKind), kind) ? (WarningKind)kind : WarningKind.Other, message);
            }
            return warnings;
        }
    }
}
