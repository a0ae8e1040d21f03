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

// Close gives the key back.
func (key *PublicKey) Close() {
	if key != nil {
		key.handle.close()
	}
}

// Bits is the length of the modulus in bits.
func (key *PublicKey) Bits() int {
	return key.facts.bits
}

// MaxPasswordLen is the length of the longest password in bytes: 245 for 2048 bits.
func (key *PublicKey) MaxPasswordLen() int {
	return key.facts.maxPasswordLen
}

// Fingerprint is the SHA-256 of the SubjectPublicKeyInfo in 64 hexadecimal digits, the same in whatever form the key came.
func (key *PublicKey) Fingerprint() string {
	return key.facts.fingerprint
}

// Encrypt encrypts a password (RSAES-PKCS1-v1_5, RFC 8017, section 7.2.1). Its bytes are encrypted as they are, and not judged:
// [PasswordInfo.ChangeRequest] does that. Two calls never give the same ciphertext.
func (key *PublicKey) Encrypt(password []byte) (ciphertext []byte, err error) {
	err = key.handle.use(func(pointer unsafe.Pointer) (err error) {
		ciphertext, err = keyEncrypt(pointer, key.facts.size, password)
		return err
	})
	return ciphertext, err
}

// EncryptBase64 encrypts a password as encryptedPassword in the body of set-password wants it: base64 without line breaks.
func (key *PublicKey) EncryptBase64(password []byte) (ciphertext string, err error) {
	err = key.handle.use(func(pointer unsafe.Pointer) (err error) {
		ciphertext, err = keyEncryptBase64(pointer, key.facts.base64Room(), password)
		return err
	})
	return ciphertext, err
}

// EncryptMany encrypts many passwords, which takes less time for each than one by one. If one is refused, nothing is encrypted,
// and the message says which. The ciphertexts share one array.
func (key *PublicKey) EncryptMany(passwords [][]byte) (ciphertexts [][]byte, err error) {
	size := key.facts.size
	all, err := key.encryptMany(passwords, size, keyEncryptMany)
	if err != nil {
		return nil, err
	}
	ciphertexts = make([][]byte, len(passwords))
	for i := range ciphertexts {
		ciphertexts[i] = all[i*size : (i+1)*size : (i+1)*size]
	}
	return ciphertexts, nil
}

// EncryptManyBase64 encrypts many passwords as [PublicKey.EncryptBase64] does.
func (key *PublicKey) EncryptManyBase64(passwords [][]byte) (ciphertexts []string, err error) {
	room := key.facts.base64Room()
	all, err := key.encryptMany(passwords, room, keyEncryptManyBase64)
	if err != nil {
		return nil, err
	}
	ciphertexts = make([]string, len(passwords))
	for i := range ciphertexts {
		ciphertexts[i] = string(all[i*room : (i+1)*room-1])
	}
	return ciphertexts, nil
}

func (key *PublicKey) encryptMany(
	passwords [][]byte, room int, encrypt func(pointer unsafe.Pointer, passwords [][]byte, out []byte) error,
) ([]byte, error) {
	out := make([]byte, room*len(passwords))
	err := key.handle.use(func(pointer unsafe.Pointer) error {
		return encrypt(pointer, passwords, out)
	})
	return out, err
}

type keyFacts struct {
	bits, size, maxPasswordLen int
	fingerprint                string
}

// base64Room is the length of a ciphertext in base64, with the NUL that the library writes behind it.
func (facts keyFacts) base64Room() int {
	return (facts.size+2)/3*4 + 1
}
