using System;
using System.Collections.Generic;

namespace Pwseal
{
    /// <summary>An RSA public key, checked and ready to encrypt. Many threads may use one.</summary>
    public sealed unsafe class PublicKey : IDisposable
    {
        private readonly KeyHandle handle;

        internal PublicKey(KeyHandle handle)
        {
            this.handle = handle;
            Bits = (int)Native.pwseal_key_bits(handle);
            MaxPasswordLength = (int)Native.pwseal_key_max_password_len(handle);
            Fingerprint = Native.Written((byte* text, ref UIntPtr length) => Native.pwseal_key_fingerprint(handle, text, ref length));
        }

        /// <summary>Reads a key: DER, base64 or PEM, of a SubjectPublicKeyInfo, a PKCS#1 RSAPublicKey or an X.509 certificate; a
        /// JWK; an RSAKeyValue in XML. Which one it is, is found out.</summary>
        public static PublicKey Parse(byte[] key)
        {
            if (key == null)
                throw new ArgumentNullException(nameof(key));
            KeyHandle handle;
            fixed (byte* bytes = key)
                Native.Check(Native.pwseal_key_parse(bytes, (UIntPtr)key.Length, out handle));
            return new PublicKey(handle);
        }

        /// <summary>Reads a key that is text.</summary>
        public static PublicKey Parse(string key)
        {
            if (key == null)
                throw new ArgumentNullException(nameof(key));
            return Parse(Native.Utf8(key));
        }

        /// <summary>The length of the modulus in bits.</summary>
        public int Bits { get; }

        /// <summary>The length of the longest password in bytes: 245 for 2048 bits.</summary>
        public int MaxPasswordLength { get; }

        /// <summary>The SHA-256 of the SubjectPublicKeyInfo in 64 hexadecimal digits, the same in whatever form the key came.</summary>
        public string Fingerprint { get; }

        private int Size => (Bits + 7) / 8;

        /// <summary>Encrypts a password (RSAES-PKCS1-v1_5, RFC 8017, section 7.2.1). Its bytes are encrypted as they are, and not
        /// judged: PasswordInfo.CreateChangeRequest does that. Two calls never give the same ciphertext.</summary>
        public byte[] Encrypt(Password password)
        {
            if (password == null)
                throw new ArgumentNullException(nameof(password));
            var ciphertext = new byte[Size];
            password.Use((bytes, length) =>
            {
                var outLength = (UIntPtr)ciphertext.Length;
                fixed (byte* output = ciphertext)
                    Native.Check(Native.pwseal_key_encrypt(handle, bytes, length, output, ref outLength));
            });
            return ciphertext;
        }

        /// <summary>Encrypts a password as encryptedPassword in the body of set-password wants it: base64 without line breaks.</summary>
        public string EncryptToBase64(Password password)
        {
            if (password == null)
                throw new ArgumentNullException(nameof(password));
            string ciphertext = null;
            password.Use((bytes, length) => ciphertext = Native.Written((byte* text, ref UIntPtr outLength) =>
                Native.pwseal_key_encrypt_base64(handle, bytes, length, text, ref outLength)));
            return ciphertext;
        }

        /// <summary>Encrypts many passwords, which takes less time for each than one by one. If one is refused, nothing is
        /// encrypted, and Index of the exception says which.</summary>
        public byte[][] EncryptMany(IReadOnlyList<Password> passwords)
        {
            if (passwords == null)
                throw new ArgumentNullException(nameof(passwords));
            int count = passwords.Count;
            var all = new byte[checked(Size * count)];
            var acquired = new List<Password>(count);
            using (var arena = new Arena())
            {
                try
                {
                    NativeBytes* array = arena.Array(count);
                    for (int i = 0; i < count; i++)
                    {
                        Password password = passwords[i];
                        if (password == null)
                            throw new ArgumentException("password " + i + " is null", nameof(passwords));
                        array[i] = password.Acquire();
                        acquired.Add(password);
                    }
                    var length = (UIntPtr)all.Length;
                    fixed (byte* output = all)
                        Native.Check(Native.pwseal_key_encrypt_many(handle, array, (UIntPtr)count, output, ref length));
                }
                finally
                {
                    foreach (Password password in acquired)
                        password.Release();
                }
            }
            var ciphertexts = new byte[count][];
            for (int i = 0; i < ciphertexts.Length; i++)
            {
                ciphertexts[i] = new byte[Size];
                Buffer.BlockCopy(all, i * Size, ciphertexts[i], 0, Size);
            }
            return ciphertexts;
        }

        /// <summary>Frees the key.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }
    }
}
