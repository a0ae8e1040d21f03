// What the tests have in common: a runner without dependencies, and the example's private key.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Pwseal.Tests
{
    internal sealed class Failed : Exception
    {
        internal Failed(string message) : base(message) { }
    }

    internal static class Check
    {
        internal static void True(bool condition, string message)
        {
            if (!condition)
                throw new Failed(message);
        }

        internal static void Equal<T>(T wanted, T found)
        {
            True(EqualityComparer<T>.Default.Equals(wanted, found), "wanted " + wanted + ", found " + found);
        }

        /// <summary>What a function throws. Nothing of a password is in it.</summary>
        internal static T Throws<T>(string fragment, Action action) where T : Exception
        {
            try
            {
                action();
            }
            catch (T error) when (error.GetType() == typeof(T))
            {
                True(error.Message.Contains(fragment), "wanted '" + fragment + "', found: " + error.Message);
                True(!error.ToString().Contains("hunter2"), "the message has the password: " + error);
                return error;
            }
            throw new Failed("no " + typeof(T).Name + ", which has '" + fragment + "'");
        }

        internal static PwsealException Refuses(PwsealStatus status, string fragment, Action action)
        {
            var error = Throws<PwsealException>(fragment, action);
            Equal(status, error.Status);
            return error;
        }
    }

    internal static class Example
    {
        internal const string Password = "correct horse 7";
        internal const string AccountId = "CN=Abby Smith,OU=Austin,OU=Americas,OU=Demo,DC=seri,DC=acme,DC=com";

        internal static string Root;

        internal static byte[] File(string path)
        {
            return System.IO.File.ReadAllBytes(Path.Combine(Root, path));
        }

        internal static PasswordInfo Info()
        {
            return PasswordInfo.Parse(File("examples/password-info.json"));
        }

        internal static PublicKey Key()
        {
            return PublicKey.Parse(File("examples/public-key.pem"));
        }

        /// <summary>What .NET decrypts, a character for each byte.</summary>
        internal static string Decrypt(byte[] ciphertext)
        {
            return Encoding.GetEncoding("ISO-8859-1").GetString(privateKey.Value.Decrypt(ciphertext, false));
        }

        internal static string Latin1(byte[] bytes)
        {
            return Encoding.GetEncoding("ISO-8859-1").GetString(bytes);
        }

        private static readonly Lazy<RSACryptoServiceProvider> privateKey = new Lazy<RSACryptoServiceProvider>(() =>
        {
            string[] lines = Encoding.ASCII.GetString(File("examples/private-key.pem")).Split('\n');
            byte[] der = Convert.FromBase64String(string.Concat(lines.Where(line => !line.StartsWith("-"))));
            // PrivateKeyInfo: version, algorithm, and an OCTET STRING with the RSAPrivateKey, nine INTEGERs.
            int at = 0;
            Enter(der, ref at);
            Value(der, ref at);
            Value(der, ref at);
            Enter(der, ref at);
            Enter(der, ref at);
            byte[][] numbers = Enumerable.Range(0, 9).Select(_ => Value(der, ref at)).ToArray();
            var key = new RSACryptoServiceProvider();
            key.ImportParameters(new RSAParameters
            {
                Modulus = numbers[1], Exponent = numbers[2], D = numbers[3], P = numbers[4], Q = numbers[5], DP = numbers[6],
                DQ = numbers[7], InverseQ = numbers[8],
            });
            return key;
        });

        /// <summary>Goes into a DER value, and returns its length.</summary>
        private static int Enter(byte[] der, ref int at)
        {
            at++;
            int length = der[at++];
            if (length > 127)
                for (int bytes = length - 128, i = length = 0; i < bytes; i++)
                    length = length << 8 | der[at++];
            return length;
        }

        /// <summary>The content of a DER value, without a leading zero.</summary>
        private static byte[] Value(byte[] der, ref int at)
        {
            int length = Enter(der, ref at);
            byte[] content = der.Skip(at).Take(length).ToArray();
            at += length;
            return content.Length > 1 && content[0] == 0 ? content.Skip(1).ToArray() : content;
        }
    }

    internal static class Program
    {
        /// <summary>Runs every public static method of the classes whose names end with Tests.</summary>
        private static int Main(string[] arguments)
        {
            Example.Root = arguments[0];
            int passed = 0, failed = 0;
            var classes = typeof(Program).Assembly.GetTypes().Where(type => type.Name.EndsWith("Tests")).OrderBy(type => type.Name);
            foreach (MethodInfo test in classes.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static)))
            {
                try
                {
                    test.Invoke(null, null);
                    passed++;
                }
                catch (TargetInvocationException error)
                {
                    failed++;
                    Console.WriteLine(test.DeclaringType.Name + "." + test.Name + ": " + error.InnerException);
                }
            }
            Console.WriteLine(passed + " passed, " + failed + " failed");
            return failed == 0 && passed > 0 ? 0 : 1;
        }
    }
}
