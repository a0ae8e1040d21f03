package pwseal

import "unsafe"

// Policy is the rules for a password. Many goroutines may use one.
type Policy struct {
	handle *handle
}

// ParsePolicy reads policy strings that somebody wrote, such as "passwordMinLength is 8". A string that is not understood is
// [ErrInvalidPolicy], with the name that may be meant.
func ParsePolicy(policies ...string) (*Policy, error) {
	return policyOf(policyParse(policies))
}

// PolicyFromAnswer reads the policy strings of an answer. No string is refused: one that is not understood is a rule that a
// check reports as not checked.
func PolicyFromAnswer(policies ...string) (*Policy, error) {
	return policyOf(policyFromStrings(policies))
}

func policyOf(pointer unsafe.Pointer, err error) (*Policy, error) {
	if err != nil {
		return nil, err
	}
	return &Policy{newHandle(pointer, policyFree)}, nil
}

// object is the library's: nil for a policy that is nil.
func (policy *Policy) object() *handle {
	if policy == nil {
		return nil
	}
	return policy.handle
}

// Close gives the policy back.
func (policy *Policy) Close() {
	policy.object().close()
}

// Rules are the policy strings, word for word as they came: to compare them, not to show them.
func (policy *Policy) Rules() (rules []string, err error) {
	err = policy.object().use(func(pointer unsafe.Pointer) (err error) {
		rules, err = policyRules(pointer)
		return err
	})
	return rules, err
}

// Check compares a password with every rule. A rule that needs what the context has not is reported as not checked.
func (policy *Policy) Check(password []byte, context Context) (report Report, err error) {
	err = policy.object().use(func(pointer unsafe.Pointer) (err error) {
		report, err = policyCheck(pointer, context, password)
		return err
	})
	return report, err
}

// Generate makes a random password that violates nothing of the policy, each with the same probability. It is ASCII without space
// and colon. [Wipe] it after use. Rules that compare with something else, such as a dictionary, are kept as far as the context has
// it.
func (policy *Policy) Generate(options GenerateOptions) (password []byte, err error) {
	err = policy.object().use(func(pointer unsafe.Pointer) (err error) {
		password, err = policyGenerate(pointer, options)
		return err
	})
	return password, err
}

// GenerateOptions say what a generated password is like. The zero value is right for most.
type GenerateOptions struct {
	// Length in characters, up to 1024. 0 stands for 16, or what the policy allows next to that.
	Length int
	// Exclude are characters to leave out, one after the other.
	Exclude string
	// NoLookAlikes leaves out characters that look like others, such as 0O and 1lI|.
	NoLookAlikes bool
	// Context is what the password is compared with.
	Context Context
}

// Context is what rules compare a password with beside the password itself. What is empty is not known.
type Context struct {
	// AccountID is the accountId of a password-info.
	AccountID string
	// AccountNames are the accountName of a password-info, and the display name where that is another.
	AccountNames []string
	// AccountAttributes and IdentityAttributes are values by their names. A report may say a name, never a value.
	AccountAttributes, IdentityAttributes map[string]string
	// Dictionary has the words that no password may contain.
	Dictionary *Dictionary
}

func (context Context) isEmpty() bool {
	return context.AccountID == "" && len(context.AccountNames) == 0 && len(context.AccountAttributes) == 0 &&
		len(context.IdentityAttributes) == 0 && context.Dictionary == nil
}

// Dictionary is the organization's dictionary of words that no password may contain. Many goroutines may use one.
type Dictionary struct {
	handle *handle
}

// ParseDictionary reads a dictionary file, in the format of the API's Password Dictionary: UTF-8, one word a line, lines that
// start with # are comments, one line may be locale=... There are at most 128 characters in a line, and 2,500 words.
func ParseDictionary(file []byte) (*Dictionary, error) {
	pointer, err := dictionaryParse(file)
	if err != nil {
		return nil, err
	}
	return &Dictionary{newHandle(pointer, dictionaryFree)}, nil
}

// object is the library's: nil for a dictionary that is nil.
func (dictionary *Dictionary) object() *handle {
	if dictionary == nil {
		return nil
	}
	return dictionary.handle
}

// Close gives the dictionary back.
func (dictionary *Dictionary) Close() {
	dictionary.object().close()
}
