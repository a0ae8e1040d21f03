package pwseal

import "unsafe"

// PublicKey is an RSA public key, checked and ready to encrypt. Many goroutines may use one.
type PublicKey struct {
	handle *handle
	facts  keyFacts
}

// ParsePublicKey reads a key: DER, base64 or PEM, of a SubjectPublicKeyInfo, a PKCS#1 RSAPublicKey or an X.509 certificate; a
// JWK; an RSAKeyValue in XML. Which one it is, is found out.
func ParsePublicKey(key []byte) (*PublicKey, error) {
	pointer, err := keyParse(key)
	if err != nil {
		return nil, err
	}
	return newKey(pointer)
}

func newKey(pointer unsafe.Pointer) (*PublicKey, error) {
	h := newHandle(pointer, keyFree)
	key := &PublicKey{handle: h}
	err := h.use(func(pointer unsafe.Pointer) (err error) {
		key.facts, err = keyFactsOf(pointer)
		return err
	})
	if err != nil {
		h.close()
		return nil, err
	}
	return key, nil
}

// parts are what a key is made of: nothing for one that is nil.
func (key *PublicKey) parts() (h *handle, facts keyFacts) {
	if key == nil {
		return nil, keyFacts{}
	}
	return key.handle, key.facts
}

// Close gives the key back.
func (key *PublicKey) Close() {
	h, _ := key.parts()
	h.close()
}

// Bits is the length of the modulus in bits.
func (key *PublicKey) Bits() int {
	_, facts := key.parts()
	return facts.bits
}

// MaxPasswordLen is the length of the longest password in bytes: 245 for 2048 bits.
func (key *PublicKey) MaxPasswordLen() int {
	_, facts := key.parts()
	return facts.maxPasswordLen
}

// Fingerprint is the SHA-256 of the SubjectPublicKeyInfo in 64 hexadecimal digits, the same in whatever form the key came.
func (key *PublicKey) Fingerprint() string {
	_, facts := key.parts()
	return facts.fingerprint
}

// Encrypt encrypts a password (RSAES-PKCS1-v1_5, RFC 8017, section 7.2.1). Its bytes are encrypted as they are, and not judged:
// [PasswordInfo.ChangeRequest] does that. Two calls never give the same ciphertext.
func (key *PublicKey) Encrypt(password []byte) (ciphertext []byte, err error) {
	h, facts := key.parts()
	err = h.use(func(pointer unsafe.Pointer) (err error) {
		ciphertext, err = keyEncrypt(pointer, facts.size, password)
		return err
	})
	return ciphertext, err
}

// EncryptBase64 encrypts a password as encryptedPassword in the body of set-password wants it: base64 without line breaks.
func (key *PublicKey) EncryptBase64(password []byte) (ciphertext string, err error) {
	h, facts := key.parts()
	err = h.use(func(pointer unsafe.Pointer) (err error) {
		ciphertext, err = keyEncryptBase64(pointer, facts.base64Room(), password)
		return err
	})
	return ciphertext, err
}

// EncryptMany encrypts many passwords, which takes less time for each than one by one. If one is refused, there is no ciphertext,
// and the message says which. The ciphertexts share one array.
func (key *PublicKey) EncryptMany(passwords [][]byte) (ciphertexts [][]byte, err error) {
	h, facts := key.parts()
	size := facts.size
	err = h.use(func(pointer unsafe.Pointer) error {
		all, err := keyEncryptMany(pointer, false, size, passwords)
		if err != nil {
			return err
		}
		ciphertexts = make([][]byte, len(passwords))
		for i := range ciphertexts {
			ciphertexts[i] = all[i*size : (i+1)*size : (i+1)*size]
		}
		return nil
	})
	return ciphertexts, err
}

// EncryptManyBase64 encrypts many passwords as [PublicKey.EncryptBase64] does.
func (key *PublicKey) EncryptManyBase64(passwords [][]byte) (ciphertexts []string, err error) {
	h, facts := key.parts()
	room := facts.base64Room()
	err = h.use(func(pointer unsafe.Pointer) error {
		all, err := keyEncryptMany(pointer, true, room, passwords)
		if err != nil {
			return err
		}
		ciphertexts = make([]string, len(passwords))
		for i := range ciphertexts {
			ciphertexts[i] = string(all[i*room : (i+1)*room-1])
		}
		return nil
	})
	return ciphertexts, err
}

type keyFacts struct {
	bits, size, maxPasswordLen int
	fingerprint                string
}

// base64Room is the length of a ciphertext in base64, with the NUL that the library writes behind it.
func (facts keyFacts) base64Room() int {
	return (facts.size+2)/3*4 + 1
}
