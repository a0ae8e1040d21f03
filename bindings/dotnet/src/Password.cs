using System;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace Pwseal
{
    internal unsafe delegate void UsePassword(byte* password, UIntPtr length);

    /// <summary>A password, in memory that the garbage collector does not move or copy, and that Dispose wipes. What it was made
    /// of stays with the caller, to be cleared or disposed there.</summary>
    public sealed unsafe class Password : IDisposable
    {
        // Wiped memory of the library's, or of this file's.
        private readonly SafeHandle memory;
        private readonly byte* bytes;
        private readonly UIntPtr length;

        private Password(SafeHandle memory, byte* bytes, UIntPtr length)
        {
            this.memory = memory;
            this.bytes = bytes;
            this.length = length;
        }

        internal Password(PasswordHandle handle)
        {
            NativeBytes text;
            Native.Check(Native.pwseal_password_text(handle, out text));
            memory = handle;
            bytes = text.Data;
            length = text.Length;
        }

        /// <summary>The password of a SecureString. No managed copy is made of it.</summary>
        public static Password FromSecureString(SecureString password)
        {
            if (password == null)
                throw new ArgumentNullException(nameof(password));
            // Of a copy, as another thread may make the other one longer between what follows.
            using (SecureString copy = password.Copy())
            {
                IntPtr units = Marshal.SecureStringToGlobalAllocUnicode(copy);
                try
                {
                    return FromUtf16((char*)units, copy.Length);
                }
                finally
                {
                    Native.pwseal_wipe((void*)units, (UIntPtr)(2 * (uint)copy.Length));
                    Marshal.ZeroFreeGlobalAllocUnicode(units);
                }
            }
        }

        /// <summary>The password of a string, which nothing can wipe: it stays in memory until that is used again.</summary>
        public static Password FromString(string password)
        {
            if (password == null)
                throw new ArgumentNullException(nameof(password));
            fixed (char* units = password)
                return FromUtf16(units, password.Length);
        }

        /// <summary>Bytes as they are: UTF-8, where the API is to understand them. Clear the array after use.</summary>
        public static Password FromBytes(byte[] password)
        {
            if (password == null)
                throw new ArgumentNullException(nameof(password));
            fixed (byte* bytes = password)
                return FromUtf8(bytes, password.Length);
        }

#if NETSTANDARD2_1_OR_GREATER || NETCOREAPP
        /// <summary>Bytes as they are: UTF-8, where the API is to understand them. Clear them after use.</summary>
        public static Password FromBytes(ReadOnlySpan<byte> password)
        {
            fixed (byte* bytes = &MemoryMarshal.GetReference(password))
                return FromUtf8(bytes, password.Length);
        }

        /// <summary>The characters of UTF-16. Clear them after use.</summary>
        public static Password FromChars(ReadOnlySpan<char> password)
        {
            fixed (char* units = &MemoryMarshal.GetReference(password))
                return FromUtf16(units, password.Length);
        }
#endif

        private static Password FromUtf16(char* units, int count)
        {
            PasswordHandle handle;
            Native.Check(Native.pwseal_password_from_utf16(units, (UIntPtr)count, out handle));
            return new Password(handle);
        }

        private static Password FromUtf8(byte* password, int count)
        {
            var memory = new WipedMemory(count);
            Buffer.MemoryCopy(password, memory.Bytes, count, count);
            return new Password(memory, memory.Bytes, (UIntPtr)count);
        }

        /// <summary>The bytes, which stay until Release.</summary>
        internal NativeBytes Acquire()
        {
            bool added = false;
            memory.DangerousAddRef(ref added);
            return new NativeBytes { Data = bytes, Length = length };
        }

        internal void Release()
        {
            memory.DangerousRelease();
        }

        /// <summary>Calls a function with the bytes, which stay meanwhile.</summary>
        internal void Use(UsePassword use)
        {
            Acquire();
            try
            {
                use(bytes, length);
            }
            finally
            {
                Release();
            }
        }

        /// <summary>A copy of the bytes. Clear it after use.</summary>
        public byte[] ToBytes()
        {
            byte[] copy = null;
            Use((bytes, length) =>
            {
                copy = new byte[checked((int)length)];
                Marshal.Copy((IntPtr)bytes, copy, 0, copy.Length);
            });
            return copy;
        }

        /// <summary>A SecureString with the password. No managed copy is made of it.</summary>
        public SecureString ToSecureString()
        {
            SecureString secure = null;
            Use((bytes, length) =>
            {
                int count = checked((int)length);
                using (var memory = new WipedMemory(checked(2 * count)))
                {
                    var units = (char*)memory.Bytes;
                    try
                    {
                        secure = new SecureString(units, Native.Strict.GetChars(bytes, count, units, count));
                    }
                    catch (DecoderFallbackException)
                    {
                        // Its message has bytes of the password.
                        throw new PwsealException(PwsealStatus.PasswordNotText, "the password is not UTF-8: it cannot be a SecureString");
                    }
                }
            });
            return secure;
        }

        /// <summary>Wipes the password.</summary>
        public void Dispose()
        {
            memory.Dispose();
        }

        /// <summary>Not the password.</summary>
        public override string ToString()
        {
            return "a password";
        }
    }

    /// <summary>Memory of the process's, which is wiped before it is freed.</summary>
    internal sealed unsafe class WipedMemory : SafeHandle
    {
        private readonly int length;

        internal WipedMemory(int length) : base(IntPtr.Zero, true)
        {
            this.length = length;
            SetHandle(Marshal.AllocHGlobal(Math.Max(length, 1)));
        }

        internal byte* Bytes => (byte*)handle;

        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle()
        {
            Native.pwseal_wipe((void*)handle, (UIntPtr)length);
            Marshal.FreeHGlobal(handle);
            return true;
        }
    }
}
