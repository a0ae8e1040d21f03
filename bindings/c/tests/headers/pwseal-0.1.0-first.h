/*
 * pwseal: encrypt a password for the SailPoint Password Management API.
 *
 * Conventions, the same for every function:
 *
 * Memory    Bytes come in as a pointer and a length, and only have to stay as they are
 *           until the function returns: nothing keeps a pointer of the caller's. NULL is
 *           allowed where the length is 0. Lengths are in bytes.
 * Handles   A handle belongs to the caller, who gives it back to its `_free` function,
 *           once. Its contents never change: many threads may use one handle at once.
 * Outputs   Where a function takes `out` and `out_len`, `*out_len` is the room in `out`.
 *           With enough room the output is written and `*out_len` becomes its length.
 *           With too little, or with `out` NULL, `*out_len` becomes the length needed and
 *           the function returns PWSEAL_STATUS_BUFFER_TOO_SMALL: this is how to ask for
 *           it. Text ends with a NUL, which the length counts. On every other failure
 *           no output is touched.
 * Errors    A `pwseal_status`: PWSEAL_STATUS_OK or what went wrong, with details in
 *           `pwseal_last_error`. No message holds a byte of a password. Each function names
 *           its own, without PWSEAL_STATUS_; any can also return PANIC.
 * Panics    None leaves a function: a defect of the library is PWSEAL_STATUS_PANIC.
 *
 * This file is generated from the Rust source; see bindings/c/README.md.
 */

#ifndef PWSEAL_H
#define PWSEAL_H

#include <stddef.h>
#include <stdint.h>

/**
 * The outcome of a function. A number keeps its meaning for ever; new ones are added at the
 * end.
 */
enum pwseal_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Success.
   */
  PWSEAL_STATUS_OK = 0,
  /**
   * A pointer is NULL that must not be.
   */
  PWSEAL_STATUS_NULL_POINTER = 1,
  /**
   * A length is over PTRDIFF_MAX, which no object in memory has.
   */
  PWSEAL_STATUS_LENGTH_TOO_LARGE = 2,
  /**
   * The output needs more room. `*out_len` says how much.
   */
  PWSEAL_STATUS_BUFFER_TOO_SMALL = 3,
  /**
   * A defect of the library. Please report it.
   */
  PWSEAL_STATUS_PANIC = 4,
  /**
   * The key cannot be read, or is none that passwords may be encrypted with.
   */
  PWSEAL_STATUS_INVALID_KEY = 5,
  /**
   * The password has no bytes, which is nearly always a mistake.
   */
  PWSEAL_STATUS_EMPTY_PASSWORD = 6,
  /**
   * The password is longer than `pwseal_key_max_password_len`.
   */
  PWSEAL_STATUS_PASSWORD_TOO_LONG = 7,
  /**
   * The operating system gave no random bytes, so nothing was encrypted.
   */
  PWSEAL_STATUS_RANDOM_SOURCE = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pwseal_status pwseal_status;
#else
typedef int32_t pwseal_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * An RSA public key, checked and ready to encrypt. Made by `pwseal_key_parse`, freed by
 * `pwseal_key_free`. It never changes: many threads may use one key at once.
 */
typedef struct pwseal_key pwseal_key;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * What a status means, in English: text that is never freed, and never NULL. A number that is
 * no status of this version gives "unknown status". Safe from any thread.
 */
const char *pwseal_status_message(int32_t status);

/**
 * What went wrong in the last call that failed on this thread, in English, with positions and
 * lengths: empty if none failed yet, never NULL. A call that succeeds leaves it as it is.
 *
 * The text belongs to the library. It stays until the next call fails on this thread, or the
 * thread ends.
 */
const char *pwseal_last_error(void);

/**
 * Reads a key and puts a new handle into `*out`: DER, base64 or PEM, of a
 * SubjectPublicKeyInfo, a PKCS#1 RSAPublicKey or an X.509 certificate. Which one it is, is
 * found out.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_KEY.
 */
pwseal_status pwseal_key_parse(const uint8_t *bytes,
                               size_t bytes_len,
                               pwseal_key **out);

/**
 * Frees a key. No call may be using it, and none may use it afterwards. NULL is allowed.
 */
void pwseal_key_free(pwseal_key *key);

/**
 * The length of the modulus in bits, and 0 for NULL.
 */
size_t pwseal_key_bits(const pwseal_key *key);

/**
 * The length of a ciphertext in bytes, and 0 for NULL.
 */
size_t pwseal_key_size(const pwseal_key *key);

/**
 * The longest password in bytes, 245 for a key of 2048 bits, and 0 for NULL.
 */
size_t pwseal_key_max_password_len(const pwseal_key *key);

/**
 * Writes the SHA-256 digest of the key's SubjectPublicKeyInfo as text: 64 hexadecimal digits in
 * lower case and a NUL. It is the same in whatever form the key came.
 *
 * Errors: NULL_POINTER, BUFFER_TOO_SMALL.
 */
pwseal_status pwseal_key_fingerprint(const pwseal_key *key,
                                     char *out,
                                     size_t *out_len);

/**
 * Encrypts a password (RSAES-PKCS1-v1_5, RFC 8017, section 7.2.1) and writes
 * `pwseal_key_size` bytes. Two calls never give the same ones.
 *
 * The API expects the password in UTF-8, without a NUL or line break at its end. Its bytes
 * are encrypted as they are, and every copy is wiped. It is not looked at if there is too
 * little room.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE, BUFFER_TOO_SMALL, EMPTY_PASSWORD,
 * PASSWORD_TOO_LONG, RANDOM_SOURCE.
 */
pwseal_status pwseal_key_encrypt(const pwseal_key *key,
                                 const uint8_t *password,
                                 size_t password_len,
                                 uint8_t *out,
                                 size_t *out_len);

/**
 * As `pwseal_key_encrypt`, and writes the ciphertext as the API's `encryptedPassword` wants it:
 * text in base64 without line breaks, and a NUL. That is 345 bytes for a key of 2048 bits.
 *
 * Errors: as `pwseal_key_encrypt`.
 */
pwseal_status pwseal_key_encrypt_base64(const pwseal_key *key,
                                        const uint8_t *password,
                                        size_t password_len,
                                        char *out,
                                        size_t *out_len);

/**
 * Overwrites a buffer of the caller's with zeros, which no compiler leaves out: for a password
 * once it is encrypted.
 *
 * Errors: NULL_POINTER, LENGTH_TOO_LARGE.
 */
pwseal_status pwseal_wipe(void *buffer,
                          size_t buffer_len);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* PWSEAL_H */
