package pwseal

import "unsafe"

// PasswordInfo is the answer to query-password-info: the identity, the key, the accounts and the policies. Many goroutines may
// use one.
type PasswordInfo struct {
	handle *handle
	fields infoFields
}

// Account is an account of a password-info. What the answer does not have is empty.
type Account struct {
	// ID is what the source knows the account by, such as a distinguished name.
	ID string `json:"accountId"`
	// Name is its display name.
	Name string `json:"accountName"`
}

type infoFields struct {
	identityID, sourceID, publicKeyID string
	accounts                          []Account
}

// ParsePasswordInfo reads the JSON of an answer to query-password-info, such as the body of the response, or what the models of
// an SDK marshal to. What is something else, such as an error of the API, is [ErrOtherMessage].
func ParsePasswordInfo(json []byte) (*PasswordInfo, error) {
	pointer, err := infoParse(json)
	if err != nil {
		return nil, err
	}
	return newInfo(pointer)
}

func newInfo(pointer unsafe.Pointer) (*PasswordInfo, error) {
	h := newHandle(pointer, infoFree)
	info := &PasswordInfo{handle: h}
	err := h.use(func(pointer unsafe.Pointer) (err error) {
		info.fields, err = infoFieldsOf(pointer)
		return err
	})
	if err != nil {
		h.close()
		return nil, err
	}
	return info, nil
}

// parts are what a password-info is made of: nothing for one that is nil.
func (info *PasswordInfo) parts() (h *handle, fields infoFields) {
	if info == nil {
		return nil, infoFields{}
	}
	return info.handle, info.fields
}

// Close gives the password-info back. What was made of it stays.
func (info *PasswordInfo) Close() {
	h, _ := info.parts()
	h.close()
}

// IdentityID is the id of the identity, or empty.
func (info *PasswordInfo) IdentityID() string {
	_, fields := info.parts()
	return fields.identityID
}

// SourceID is the id of the source, or empty.
func (info *PasswordInfo) SourceID() string {
	_, fields := info.parts()
	return fields.sourceID
}

// PublicKeyID is the id of the key, or empty.
func (info *PasswordInfo) PublicKeyID() string {
	_, fields := info.parts()
	return fields.publicKeyID
}

// Accounts are those to choose from.
func (info *PasswordInfo) Accounts() []Account {
	_, fields := info.parts()
	return append([]Account(nil), fields.accounts...)
}

// PublicKey reads the key in it.
func (info *PasswordInfo) PublicKey() (key *PublicKey, err error) {
	h, _ := info.parts()
	err = h.use(func(pointer unsafe.Pointer) error {
		pointer, err := infoKey(pointer)
		if err == nil {
			key, err = newKey(pointer)
		}
		return err
	})
	return key, err
}

// Policy reads the policies in it. An answer without policies has one rule that is never checked.
func (info *PasswordInfo) Policy() (policy *Policy, err error) {
	h, _ := info.parts()
	err = h.use(func(pointer unsafe.Pointer) error {
		policy, err = policyOf(infoPolicy(pointer))
		return err
	})
	return policy, err
}

// Check checks a password for an account against the policies in it, and compares it with the account's id and name where a rule
// wants that. The account is the id or else the name of one, equal to the letter, and empty for the only one: with several, one
// must be chosen. The context is what rules compare with beside.
func (info *PasswordInfo) Check(account string, password []byte, context Context) (report Report, err error) {
	h, _ := info.parts()
	err = h.use(func(pointer unsafe.Pointer) (err error) {
		report, err = infoCheck(pointer, account, password, context)
		return err
	})
	return report, err
}

// Generate makes a random password for an account that violates nothing of the policies in it. [Wipe] it after use. The account
// is as for [PasswordInfo.Check].
func (info *PasswordInfo) Generate(account string, options GenerateOptions) (password []byte, err error) {
	h, _ := info.parts()
	err = h.use(func(pointer unsafe.Pointer) (err error) {
		password, err = infoGenerate(pointer, account, options)
		return err
	})
	return password, err
}

// ChangeOptions say what else is meant where a change request is made.
type ChangeOptions struct {
	// DespitePolicy makes a body whatever the policies say.
	DespitePolicy bool
	// Raw says that the bytes of the password are meant as they are: none is refused or left out.
	Raw bool
	// Context is what rules compare with beside the account's id and name.
	Context Context
}

// ChangeRequest judges a password, checks it against the policies and encrypts it for an account, which is as for
// [PasswordInfo.Check]. One that violates the policies is a [*PolicyError]; a rule that could not be checked is no violation.
//
// The password must be UTF-8 without a line break or another control character. A byte order mark in front is left out. What else
// may not be as it was meant is in the warnings.
func (info *PasswordInfo) ChangeRequest(account string, password []byte, options ChangeOptions) (*ChangeRequest, error) {
	var change *ChangeRequest
	h, _ := info.parts()
	err := h.use(func(pointer unsafe.Pointer) error {
		made, err := changeNew(pointer, account, password, options)
		if err == nil {
			change, err = newChange(made)
		}
		if refused, ok := err.(*Error); ok && refused.Code == ErrPolicyViolation {
			report, failed := infoCheck(pointer, account, password, options.Context)
			if failed == nil {
				err = &PolicyError{refused, report}
			}
		}
		return err
	})
	return change, err
}

// ChangeRequest orders a password change: it is the body of set-password. Many goroutines may use one. Close wipes the library's
// copy.
//
// [encoding/json.Marshal] makes its JSON, which the PasswordChangeRequest of an SDK can be unmarshalled from.
type ChangeRequest struct {
	handle   *handle
	warnings []Warning
}

// ParseChangeRequest reads a body that was made before: by Body, or by the command.
func ParseChangeRequest(json []byte) (*ChangeRequest, error) {
	pointer, err := changeParse(json)
	if err != nil {
		return nil, err
	}
	return newChange(pointer)
}

func newChange(pointer unsafe.Pointer) (*ChangeRequest, error) {
	h := newHandle(pointer, changeFree)
	change := &ChangeRequest{handle: h}
	err := h.use(func(pointer unsafe.Pointer) (err error) {
		change.warnings, err = changeWarnings(pointer)
		return err
	})
	if err != nil {
		h.close()
		return nil, err
	}
	return change, nil
}

// object is the library's: nil for a change request that is nil.
func (change *ChangeRequest) object() *handle {
	if change == nil {
		return nil
	}
	return change.handle
}

// Close wipes the change request and gives it back.
func (change *ChangeRequest) Close() {
	change.object().close()
}

// Body is the JSON on one line. Whoever has it and a token can set the password: [Wipe] it after use.
func (change *ChangeRequest) Body() (body []byte, err error) {
	err = change.object().use(func(pointer unsafe.Pointer) (err error) {
		body, err = changeBody(pointer)
		return err
	})
	return body, err
}

// MarshalJSON is Body. The package encoding/json makes copies of it, which nobody wipes. It is there for the value too, of which
// that package would else make an empty object.
func (change ChangeRequest) MarshalJSON() ([]byte, error) {
	return change.Body()
}

// Warnings are what may not be as it was meant in the password. There are none of a body that was parsed.
func (change *ChangeRequest) Warnings() []Warning {
	if change == nil {
		return nil
	}
	return append([]Warning(nil), change.warnings...)
}
