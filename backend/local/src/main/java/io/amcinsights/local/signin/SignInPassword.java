package io.amcinsights.local.signin;

import io.amcinsights.local.store.PrivateFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What the sign-in page asks for. Whoever has an account on this machine reaches the page; only the
 * workspace's owner can read the file.
 *
 * @param file where it is to be found
 */
public record SignInPassword(Path file, String text) {

    /** The password of a file, made at random where there is none. */
    public static SignInPassword in(Path file) throws IOException {
        String kept = Files.exists(file) ? Files.readString(file).strip() : "";
        if (!kept.isEmpty()) {
            return new SignInPassword(file, kept);
        }
        String made = Tokens.typed(4);
        PrivateFiles.write(file, made + "\n");
        return new SignInPassword(file, made);
    }

    /** Whether somebody has typed it; capitals and blanks around it do not matter. */
    boolean is(String typed) {
        return Tokens.same(text.toUpperCase(Locale.ROOT), typed.strip().toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return "SignInPassword[" + file + "]";
    }
}
