import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;

/**
 * The published Java recipe as a peer: one request a line on standard input, one answer a line
 * on standard output. Every argument and result is base64, in which "-" is no bytes.
 *
 * <pre>
 * encrypt KEY PASSWORD          padding from Java's own SecureRandom
 * inject KEY PASSWORD STREAM    padding from the bytes of STREAM
 * decrypt PRIVATE-KEY CIPHERTEXT
 * key KEY                       the key as Java writes it again
 * certificate CERTIFICATE       its key as Java writes it
 * </pre>
 *
 * An answer is "ok RESULT" or "error MESSAGE".
 */
public final class Peer {
    private static final String TRANSFORMATION = "RSA/ECB/PKCS1Padding";

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "US-ASCII"));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                byte[] result = answer(line.split(" "));
                answer = "ok " + (result.length == 0 ? "-" : Base64.getEncoder().encodeToString(result));
            } catch (Exception e) {
                answer = "error " + String.valueOf(e.getMessage()).replaceAll("\\s", " ");
            }
            System.out.println(answer);
            System.out.flush();
        }
    }

    private static byte[] answer(String[] request) throws Exception {
        byte[] first = decode(request[1]);
        switch (request[0]) {
            case "encrypt":
                return encrypt(publicKey(first), decode(request[2]), new SecureRandom());
            case "inject":
                return encrypt(publicKey(first), decode(request[2]), new Stream(decode(request[3])));
            case "decrypt":
                Cipher cipher = Cipher.getInstance(TRANSFORMATION);
                cipher.init(Cipher.DECRYPT_MODE, privateKey(first));
                return cipher.doFinal(decode(request[2]));
            case "key":
                return publicKey(first).getEncoded();
            case "certificate":
                CertificateFactory factory = CertificateFactory.getInstance("X.509");
                return factory.generateCertificate(new ByteArrayInputStream(first)).getPublicKey().getEncoded();
            default:
                throw new IllegalArgumentException("unknown request " + request[0]);
        }
    }

    private static byte[] encrypt(PublicKey key, byte[] password, SecureRandom random) throws Exception {
        Cipher cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(Cipher.ENCRYPT_MODE, key, random);
        return cipher.doFinal(password);
    }

    private static PublicKey publicKey(byte[] spki) throws Exception {
        return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(spki));
    }

    private static PrivateKey privateKey(byte[] pkcs8) throws Exception {
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static byte[] decode(String text) {
        return text.equals("-") ? new byte[0] : Base64.getDecoder().decode(text);
    }

    /** Gives the bytes of an array in order, then fails. */
    private static final class Stream extends SecureRandom {
        private final byte[] bytes;
        private int taken;

        Stream(byte[] bytes) {
            super(null, null);
            this.bytes = bytes;
        }

        @Override
        public void nextBytes(byte[] out) {
            if (out.length > bytes.length - taken) {
                throw new IllegalStateException("the stream is exhausted");
            }
            System.arraycopy(bytes, taken, out, 0, out.length);
            taken += out.length;
        }
    }
}
