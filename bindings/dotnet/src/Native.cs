// All calls of the C interface, and nothing else.
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

// Windows takes the library from beside the assembly or from the system, and not from where a program happens to run.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]

namespace Pwseal
{
    /// <summary>An object of the library's, which is given back once, when no call uses it.</summary>
    internal abstract class NativeHandle : SafeHandle
    {
        protected NativeHandle() : base(IntPtr.Zero, true) { }

        public override bool IsInvalid => handle == IntPtr.Zero;
    }

    internal sealed class KeyHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            Native.pwseal_key_free(handle);
            return true;
        }
    }

    internal sealed class PasswordHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            Native.pwseal_password_free(handle);
            return true;
        }
    }

    internal sealed class PasswordInfoHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            Native.pwseal_password_info_free(handle);
            return true;
        }
    }

    internal sealed class PolicyHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            Native.pwseal_policy_free(handle);
            return true;
        }
    }

    internal sealed class DictionaryHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            Native.pwseal_dictionary_free(handle);
            return true;
        }
    }

    internal sealed class ContextHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            Native.pwseal_context_free(handle);
            return true;
        }
    }

    internal sealed class ReportHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            Native.pwseal_report_free(handle);
            return true;
        }
    }

    internal sealed class ChangeRequestHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            Native.pwseal_change_request_free(handle);
            return true;
        }
    }

    /// <summary>Bytes that are lent, or given: UTF-8 where they are a text.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct NativeBytes
    {
        public byte* Data;
        public UIntPtr Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeFinding
    {
        public int Outcome;
        public int Reason;
        public long Found;
        public long Wanted;
    }

    internal static unsafe class Native
    {
        // libpwseal.so, libpwseal.dylib or pwseal.dll. The assembly has another name, as Windows does not tell pwseal.dll from Pwseal.dll.
        private const string Library = "pwseal";
        private const CallingConvention C = CallingConvention.Cdecl;

        private const int Ok = 0;
        private const int BufferTooSmall = 3;
        private const int MissingField = 13;

        [DllImport(Library, CallingConvention = C)] internal static extern IntPtr pwseal_version();
        [DllImport(Library, CallingConvention = C)] private static extern IntPtr pwseal_last_error();
        [DllImport(Library, CallingConvention = C)] private static extern long pwseal_last_error_detail(int detail);
        [DllImport(Library, CallingConvention = C)] internal static extern void pwseal_wipe(void* buffer, UIntPtr length);

        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_key_parse(byte* bytes, UIntPtr length, out KeyHandle key);
        [DllImport(Library, CallingConvention = C)] internal static extern void pwseal_key_free(IntPtr key);
        [DllImport(Library, CallingConvention = C)] internal static extern UIntPtr pwseal_key_bits(KeyHandle key);
        [DllImport(Library, CallingConvention = C)] internal static extern UIntPtr pwseal_key_size(KeyHandle key);
        [DllImport(Library, CallingConvention = C)] internal static extern UIntPtr pwseal_key_max_password_len(KeyHandle key);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_key_fingerprint(KeyHandle key, byte* text, ref UIntPtr length);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_key_encrypt(KeyHandle key, byte* password, UIntPtr passwordLength, byte* ciphertext, ref UIntPtr length);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_key_encrypt_base64(KeyHandle key, byte* password, UIntPtr passwordLength, byte* text, ref UIntPtr length);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_key_encrypt_many(KeyHandle key, NativeBytes* passwords, UIntPtr count, byte* ciphertexts, ref UIntPtr length);

        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_password_from_utf16(char* units, UIntPtr length, out PasswordHandle password);
        [DllImport(Library, CallingConvention = C)] internal static extern void pwseal_password_free(IntPtr password);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_password_text(PasswordHandle password, out NativeBytes text);

        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_password_info_parse(byte* json, UIntPtr length, out PasswordInfoHandle info);
        [DllImport(Library, CallingConvention = C)] internal static extern void pwseal_password_info_free(IntPtr info);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_password_info_key(PasswordInfoHandle info, out KeyHandle key);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_password_info_policy(PasswordInfoHandle info, out PolicyHandle policy);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_password_info_identity_id(PasswordInfoHandle info, out NativeBytes text);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_password_info_source_id(PasswordInfoHandle info, out NativeBytes text);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_password_info_public_key_id(PasswordInfoHandle info, out NativeBytes text);
        [DllImport(Library, CallingConvention = C)] internal static extern UIntPtr pwseal_password_info_account_count(PasswordInfoHandle info);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_password_info_account_id(PasswordInfoHandle info, UIntPtr index, out NativeBytes text);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_password_info_account_name(PasswordInfoHandle info, UIntPtr index, out NativeBytes text);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_password_info_check(PasswordInfoHandle info, byte* account, UIntPtr accountLength, ContextHandle context, byte* password, UIntPtr passwordLength, out ReportHandle report);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_password_info_generate(PasswordInfoHandle info, byte* account, UIntPtr accountLength, ContextHandle context, UIntPtr length, byte* exclude, UIntPtr excludeLength, [MarshalAs(UnmanagedType.I1)] bool noLookAlikes, out PasswordHandle password);

        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_policy_parse(NativeBytes* strings, UIntPtr count, out PolicyHandle policy);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_policy_from_strings(NativeBytes* strings, UIntPtr count, out PolicyHandle policy);
        [DllImport(Library, CallingConvention = C)] internal static extern void pwseal_policy_free(IntPtr policy);
        [DllImport(Library, CallingConvention = C)] internal static extern UIntPtr pwseal_policy_rule_count(PolicyHandle policy);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_policy_rule(PolicyHandle policy, UIntPtr index, byte* text, ref UIntPtr length);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_policy_check(PolicyHandle policy, ContextHandle context, byte* password, UIntPtr passwordLength, out ReportHandle report);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_policy_length_range(PolicyHandle policy, out UIntPtr shortest, out UIntPtr longest);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_policy_generate(PolicyHandle policy, ContextHandle context, UIntPtr length, byte* exclude, UIntPtr excludeLength, [MarshalAs(UnmanagedType.I1)] bool noLookAlikes, out PasswordHandle password);

        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_dictionary_parse(byte* file, UIntPtr length, out DictionaryHandle dictionary);
        [DllImport(Library, CallingConvention = C)] internal static extern void pwseal_dictionary_free(IntPtr dictionary);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_context_new(out ContextHandle context);
        [DllImport(Library, CallingConvention = C)] internal static extern void pwseal_context_free(IntPtr context);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_context_set_account_id(ContextHandle context, byte* id, UIntPtr length);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_context_add_account_name(ContextHandle context, byte* name, UIntPtr length);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_context_add_account_attribute(ContextHandle context, byte* name, UIntPtr nameLength, byte* value, UIntPtr valueLength);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_context_add_identity_attribute(ContextHandle context, byte* name, UIntPtr nameLength, byte* value, UIntPtr valueLength);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_context_set_dictionary(ContextHandle context, DictionaryHandle dictionary);

        [DllImport(Library, CallingConvention = C)] internal static extern void pwseal_report_free(IntPtr report);
        [DllImport(Library, CallingConvention = C)] [return: MarshalAs(UnmanagedType.I1)] internal static extern bool pwseal_report_has_violation(ReportHandle report);
        [DllImport(Library, CallingConvention = C)] [return: MarshalAs(UnmanagedType.I1)] internal static extern bool pwseal_report_all_passed(ReportHandle report);
        [DllImport(Library, CallingConvention = C)] internal static extern UIntPtr pwseal_report_finding_count(ReportHandle report);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_report_finding(ReportHandle report, UIntPtr index, out NativeFinding finding);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_report_rule(ReportHandle report, UIntPtr index, byte* text, ref UIntPtr length);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_report_rule_printable(ReportHandle report, UIntPtr index, byte* text, ref UIntPtr length);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_report_message(ReportHandle report, UIntPtr index, byte* text, ref UIntPtr length);
        [DllImport(Library, CallingConvention = C)] internal static extern UIntPtr pwseal_report_warning_count(ReportHandle report);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_report_warning(ReportHandle report, UIntPtr index, byte* text, ref UIntPtr length);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_report_warning_kind(ReportHandle report, UIntPtr index, out int kind);

        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_change_request_new(PasswordInfoHandle info, byte* account, UIntPtr accountLength, ContextHandle context, byte* password, UIntPtr passwordLength, uint options, out ChangeRequestHandle change);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_change_request_parse(byte* json, UIntPtr length, out ChangeRequestHandle change);
        [DllImport(Library, CallingConvention = C)] internal static extern void pwseal_change_request_free(IntPtr change);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_change_request_body(ChangeRequestHandle change, out NativeBytes text);
        [DllImport(Library, CallingConvention = C)] internal static extern UIntPtr pwseal_change_request_warning_count(ChangeRequestHandle change);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_change_request_warning(ChangeRequestHandle change, UIntPtr index, byte* text, ref UIntPtr length);
        [DllImport(Library, CallingConvention = C)] internal static extern int pwseal_change_request_warning_kind(ChangeRequestHandle change, UIntPtr index, out int kind);

        /// <summary>Throws what a status says, with the message that the thread's last call left.</summary>
        internal static void Check(int status)
        {
            if (status != Ok)
                throw Failure(status);
        }

        internal static PwsealException Failure(int status)
        {
            var details = new long?[9];
            for (int detail = 0; detail < details.Length; detail++)
            {
                long number = pwseal_last_error_detail(detail);
                details[detail] = number < 0 ? (long?)null : number;
            }
            return new PwsealException((PwsealStatus)status, StaticText(pwseal_last_error()), details[0], details[1], details[4], details[5]);
        }

        /// <summary>A text with a NUL at its end.</summary>
        internal static string StaticText(IntPtr text)
        {
            byte* bytes = (byte*)text;
            int length = 0;
            while (bytes[length] != 0)
                length++;
            return Encoding.UTF8.GetString(bytes, length);
        }

        /// <summary>A string in UTF-8. Another encoding would put U+FFFD in the place of what has none, and another account be meant.</summary>
        internal static byte[] Utf8(string text)
        {
            try
            {
                return Strict.GetBytes(text);
            }
            catch (EncoderFallbackException error)
            {
                throw new PwsealException(PwsealStatus.InvalidUtf8,
                    "a text has half a surrogate pair, at character " + (error.Index + 1) + ": it was cut off, or is no text", position: error.Index);
            }
        }

        internal static readonly UTF8Encoding Strict = new UTF8Encoding(false, true);

        internal delegate int LendText(out NativeBytes text);

        /// <summary>A text that is lent by an object which the call keeps.</summary>
        internal static string Lent(SafeHandle owner, LendText lend)
        {
            bool added = false;
            try
            {
                owner.DangerousAddRef(ref added);
                NativeBytes text;
                Check(lend(out text));
                return Encoding.UTF8.GetString(text.Data, checked((int)text.Length));
            }
            finally
            {
                if (added)
                    owner.DangerousRelease();
            }
        }

        /// <summary>A field, and null where there is none.</summary>
        internal static string LentOrNull(SafeHandle owner, LendText lend)
        {
            try
            {
                return Lent(owner, lend);
            }
            catch (PwsealException error) when (error.Status == (PwsealStatus)MissingField)
            {
                return null;
            }
        }

        internal delegate int WriteText(byte* text, ref UIntPtr length);

        /// <summary>A text that is written to a buffer.</summary>
        internal static string Written(WriteText write)
        {
            var buffer = new byte[512];
            while (true)
            {
                var length = (UIntPtr)buffer.Length;
                int status;
                fixed (byte* text = buffer)
                    status = write(text, ref length);
                if (status == Ok)
                    return Encoding.UTF8.GetString(buffer, 0, checked((int)length));
                if (status != BufferTooSmall || (ulong)length <= (ulong)buffer.Length)
                    throw Failure(status);
                buffer = new byte[checked((int)length)];
            }
        }
    }

    /// <summary>Texts and arrays for one call, in memory that does not move.</summary>
    internal sealed unsafe class Arena : IDisposable
    {
        private readonly List<IntPtr> blocks = new List<IntPtr>();

        internal NativeBytes Text(string text)
        {
            if (string.IsNullOrEmpty(text))
                return default(NativeBytes);
            byte[] bytes = Native.Utf8(text);
            var data = (byte*)Allocate(bytes.Length);
            Marshal.Copy(bytes, 0, (IntPtr)data, bytes.Length);
            return new NativeBytes { Data = data, Length = (UIntPtr)bytes.Length };
        }

        internal NativeBytes* Array(int count)
        {
            return (NativeBytes*)Allocate(checked(sizeof(NativeBytes) * Math.Max(count, 1)));
        }

        private IntPtr Allocate(int length)
        {
            IntPtr block = Marshal.AllocHGlobal(length);
            blocks.Add(block);
            return block;
        }

        public void Dispose()
        {
            foreach (IntPtr block in blocks)
                Marshal.FreeHGlobal(block);
            blocks.Clear();
        }
    }
}
