package io.amcinsights.local.signin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Names that cannot be guessed, and what is kept of them. */
final class Tokens {

    /** Without vowels and look-alikes, as a person types them. */
    private static final String TYPED = "BCDFGHJKLMNPQRSTVWXZ";

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
    private static final SecureRandom RANDOM = new SecureRandom();

    private Tokens() {}

    /** 256 random bits. */
    static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return URL.encodeToString(bytes);
    }

    /** Random capitals in groups of four: {@code BCDF-GHJK}. */
    static String typed(int groups) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < groups * 4; i++) {
            if (i > 0 && i % 4 == 0) {
                text.append('-');
            }
            text.append(TYPED.charAt(RANDOM.nextInt(TYPED.length())));
        }
        return text.toString();
    }

    /** SHA-256 in Base64 for URLs: how PKCE challenges with a verifier, and how tokens are kept. */
    static String hash(String token) {
        try {
            return URL.encodeToString(
                    MessageDigest.getInstance("SHA-256")
                            .digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** Compares in a time that does not tell where they differ. */
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
