package pwseal

// Report is what a check found, without the password or a part of it. It marshals to the JSON of the command and
// of the other languages, but without the attributes that a finding names.
type Report struct {
	// HasViolation says that a rule is violated. Without one, not every rule need have been checked.
	HasViolation bool `json:"hasViolation"`
	// AllPassed says that every rule was checked and passed. Warnings do not count.
	AllPassed bool `json:"allPassed"`
	// Findings has one for each rule, in the order of the policy.
	Findings []Finding `json:"findings"`
	// Warnings are what to tell the user that is no violation.
	Warnings []Warning `json:"warnings"`
}

// Finding is what a check found about one rule.
type Finding struct {
	// Rule is the policy string, word for word as it came: to compare it, not to show it.
	Rule string `json:"rule"`
	// PrintableRule is the policy string for a terminal or a log: what is not printable is escaped.
	PrintableRule string `json:"-"`
	// Outcome is what became of the rule.
	Outcome Outcome `json:"outcome"`
	// Reason is why it was not checked.
	Reason Reason `json:"reason"`
	// Found is what was counted in the password, or nil.
	Found *int64 `json:"found"`
	// Wanted is the number that the rule asks for, or nil.
	Wanted *int64 `json:"wanted"`
	// Message is a sentence, such as "has 4 characters, but at least 8 are wanted".
	Message string `json:"message"`
}

// Warning is something about a password that is no error, and that its owner may not have meant.
type Warning struct {
	Kind    WarningKind `json:"kind"`
	Message string      `json:"message"`
}

// An Outcome is what became of a rule.
type Outcome int32

// The outcomes.
const (
	// Passed: the password keeps the rule, or the rule asks for nothing.
	Passed Outcome = iota
	// Violated: the password breaks the rule.
	Violated
	// NotChecked: it is not known whether the password keeps the rule.
	NotChecked
)

// String is the name, such as "notChecked".
func (outcome Outcome) String() string {
	return nameOf(outcome, []string{"passed", "violated", "notChecked"}, "notChecked")
}

// MarshalText is the name.
func (outcome Outcome) MarshalText() ([]byte, error) {
	return []byte(outcome.String()), nil
}

// A Reason is why a rule was not checked.
type Reason int32

// The reasons.
const (
	// NoReason: it was checked.
	NoReason Reason = iota
	// OtherReason: one that came later than this list; the message says it.
	OtherReason
	// NotUnderstood: the rule is none of those that are known here.
	NotUnderstood
	// UnreadableValue: the value is no number, or neither on nor off.
	UnreadableValue
	// OldPasswords: the rule compares with earlier passwords, which only the server knows.
	OldPasswords
	// NotGiven: what the rule compares with is not in the context.
	NotGiven
	// ShortWords: readings of the documentation differ, and a word of fewer than three characters occurs.
	ShortWords
	// DoubtfulCharacters: readings differ, and the password has characters that the platform is documented not to take.
	DoubtfulCharacters
	// CharacterTypes: readings differ, and more character types are asked for than have a minimum.
	CharacterTypes
	// WordLengthAlone: a word length without the rule it belongs to.
	WordLengthAlone
	// NotUTF8: the password is not UTF-8, so that it has no characters to look at.
	NotUTF8
	// RepeatedCharacters: readings differ, and as many characters are repeated in all as the rule says.
	RepeatedCharacters
	// PartsOfWords: readings differ, and a part of the account's ID or name occurs, and no word of it.
	PartsOfWords
	// UnmetMinimum: readings differ, and a character type has too few, and enough others have enough.
	UnmetMinimum
	// LengthUnits: readings differ, and the password has characters beyond U+FFFF.
	LengthUnits
	// NoPolicies: the answer has no policies.
	NoPolicies
	// NotText: no body is made of the password: it has what nobody types, or is UTF-16.
	NotText
)

// String is the name, such as "notUnderstood", and empty for [NoReason].
func (reason Reason) String() string {
	return nameOf(reason, []string{"", "other", "notUnderstood", "unreadableValue", "oldPasswords", "notGiven", "shortWords",
		"doubtfulCharacters", "characterTypes", "wordLengthAlone", "notUtf8", "repeatedCharacters", "partsOfWords",
		"unmetMinimum", "lengthUnits", "noPolicies", "notText"}, "other")
}

// MarshalJSON is the name, and null for [NoReason].
func (reason Reason) MarshalJSON() ([]byte, error) {
	if reason == NoReason {
		return []byte("null"), nil
	}
	return []byte(`"` + reason.String() + `"`), nil
}

// A WarningKind says what a warning is about.
type WarningKind int32

// The kinds of warnings.
const (
	// OtherWarning: one that came later than this list; the message says it.
	OtherWarning WarningKind = iota
	// LeadingWhiteSpace: white space at the beginning.
	LeadingWhiteSpace
	// TrailingWhiteSpace: white space at the end.
	TrailingWhiteSpace
	// NoBreakSpace: a no-break space, or another one that is not U+0020.
	NoBreakSpace
	// InvisibleCharacter: a zero-width space or joiner, a soft hyphen, a mark of direction.
	InvisibleCharacter
	// SmartPunctuation: a quote, dash or ellipsis that word processors write.
	SmartPunctuation
	// ReplacementCharacter: U+FFFD or U+FFFC, which stand for something else.
	ReplacementCharacter
	// Mojibake: UTF-8 that was read as Latin-1 or Windows-1252, and written as UTF-8 again.
	Mojibake
	// NotNFC: not in Unicode's Normalization Form C.
	NotNFC
	// SpreadsheetValue: what a spreadsheet makes of a number, a date or a formula.
	SpreadsheetValue
	// Placeholder: what a program writes where it has no value, or hides it.
	Placeholder
	// InQuotes: within straight quotes.
	InQuotes
	// EscapedLineBreak: a backslash and an n, or an r, at the end.
	EscapedLineBreak
	// Colon: a colon, which the platform is documented not to take.
	Colon
	// NonASCII: a character outside ASCII, which the platform is documented not to take.
	NonASCII
	// ControlCharacter: a control character, in a password that is meant as it is or only checked.
	ControlCharacter
	// WarningNotUTF8: bytes that are not UTF-8, in a password that is meant as it is or only checked.
	WarningNotUTF8
)

// String is the name, such as "trailing-white-space".
func (kind WarningKind) String() string {
	return nameOf(kind, []string{"other", "leading-white-space", "trailing-white-space", "no-break-space",
		"invisible-character", "smart-punctuation", "replacement-character", "mojibake", "not-nfc", "spreadsheet-value",
		"placeholder", "in-quotes", "escaped-line-break", "colon", "non-ascii", "control-character", "not-utf8"}, "other")
}

// MarshalText is the name.
func (kind WarningKind) MarshalText() ([]byte, error) {
	return []byte(kind.String()), nil
}

// nameOf is the name of a number, also of one that came later than the names.
func nameOf[N ~int32](number N, names []string, other string) string {
	if number < 0 || int(number) >= len(names) {
		return other
	}
	return names[number]
}
