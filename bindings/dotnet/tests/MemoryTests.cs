// What stays of a password in the memory of the process.
using System;
using System.IO;
using System.Linq;
using System.Security;

namespace Pwseal.Tests
{
    internal static class MemoryTests
    {
        private static readonly byte[] buffer = new byte[1 << 20];

        /// <summary>How often inverted bytes are, upright, in memory that this process can write.</summary>
        private static unsafe int Copies(byte[] inverted)
        {
            int found = 0;
            fixed (byte* own = buffer)
            using (var memory = new FileStream("/proc/self/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1))
                foreach (string line in File.ReadAllLines("/proc/self/maps"))
                {
                    string[] words = line.Split(' ');
                    if (!words[1].StartsWith("rw") || line.Contains("[v"))
                        continue;
                    long start = Convert.ToInt64(words[0].Split('-')[0], 16), end = Convert.ToInt64(words[0].Split('-')[1], 16);
                    for (long at = start; at < end; at += buffer.Length - inverted.Length)
                    {
                        int read;
                        try
                        {
                            memory.Position = at;
                            read = memory.Read(buffer, 0, (int)Math.Min(buffer.Length, end - at));
                        }
                        catch (IOException)
                        {
                            break;
                        }
                        for (int i = 0; i + inverted.Length <= read; i++)
                        {
                            int matching = 0;
                            while (matching < inverted.Length && (byte)~own[i + matching] == inverted[matching])
                                matching++;
                            long address = at + i;
                            if (matching == inverted.Length && (address < (long)own || address >= (long)own + buffer.Length))
                                found++;
                        }
                        if (at + read >= end)
                            break;
                    }
                }
            Array.Clear(buffer, 0, buffer.Length);
            return found;
        }

        /// <summary>A new password, and what to look for in UTF-8 and in UTF-16: its last 16 characters, inverted. It is long, as what
        /// frees memory writes to its start.</summary>
        private static SecureString Secret(out byte[] utf8, out byte[] utf16)
        {
            var random = new Random();
            var secure = new SecureString();
            utf8 = new byte[16];
            utf16 = new byte[32];
            secure.AppendChar('7');
            for (int i = -48; i < 16; i++)
            {
                var character = (char)('a' + (i & 1) * 13 + random.Next(13));
                secure.AppendChar(character);
                if (i < 0)
                    continue;
                utf8[i] = (byte)~character;
                utf16[2 * i] = (byte)~character;
                utf16[2 * i + 1] = 0xff;
            }
            return secure;
        }

        /// <summary>Of ours, that is: Mono opens a SecureString in an array, which its garbage collector may move at that moment, and then
        /// leaves a copy. That is seldom; a copy that this library made would be there each time.</summary>
        public static void NothingStaysOfASecureString()
        {
            int left = 0;
            for (int attempt = 0; attempt < 4; attempt++)
            {
                left = LeftOfASecureString();
                if (left == 0)
                    return;
            }
            Check.Equal(0, left);
        }

        private static int LeftOfASecureString()
        {
            byte[] utf8, utf16;
            using (PasswordInfo info = Example.Info())
            using (PublicKey key = info.GetPublicKey())
            {
                using (SecureString secure = Secret(out utf8, out utf16))
                using (Password password = Password.FromSecureString(secure))
                {
                    Check.True(Copies(utf8) >= 1, "the copy of the handle");
                    key.Encrypt(password);
                    key.EncryptToBase64(password);
                    key.EncryptMany(new[] { password, password });
                    info.CreateChangeRequest(password).Dispose();
                    info.Check(password);
                    password.ToSecureString().Dispose();
                }
                return Copies(utf8) + Copies(utf16);
            }
        }

        public static void NothingStaysOfBytesThatAreCleared()
        {
            byte[] utf8, utf16;
            using (PasswordInfo info = Example.Info())
            using (SecureString secure = Secret(out utf8, out utf16))
            {
                byte[] bytes;
                using (Password password = Password.FromSecureString(secure))
                    bytes = password.ToBytes();
                // The bytes, and what Mono may have left of the SecureString.
                int before = Copies(utf8);
                Check.True(before >= 1, "the bytes");
                using (Password password = Password.FromBytes(bytes))
                {
                    Check.Equal(before + 1, Copies(utf8));
                    info.CreateChangeRequest(password).Dispose();
                }
                Check.Equal(before, Copies(utf8));
                Array.Clear(bytes, 0, bytes.Length);
                Check.Equal(before - 1, Copies(utf8));
            }
        }

        public static void ACopyThatIsPlantedIsFound()
        {
            byte[] utf8, utf16;
            Secret(out utf8, out utf16).Dispose();
            byte[] planted = utf8.Select(inverted => (byte)~inverted).ToArray();
            Check.Equal(1, Copies(utf8));
            Array.Clear(planted, 0, planted.Length);
            Check.Equal(0, Copies(utf8));
        }
    }
}
