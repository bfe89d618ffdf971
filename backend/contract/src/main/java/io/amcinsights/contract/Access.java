package io.amcinsights.contract;

import java.util.List;

/**
 * Who may read what in the lake.
 *
 * @param grants of this installation, by principal
 * @param foreign what others have granted on the same database; it is shown and never touched
 */
public record Access(Mode mode, List<Grant> grants, List<Foreign> foreign) {

    /** What Lake Formation has to say in this installation. */
    public enum Mode {
        /** Nothing: IAM decides alone. */
        OFF,
        /** It decides for those who have a grant; IAM decides for all others. */
        HYBRID,
        /** It decides for all. */
        ON
    }

    /**
     * A permission that this installation has not given.
     *
     * @param on what, in words
     * @param permissions as Lake Formation names them
     */
    public record Foreign(String principal, String on, List<String> permissions) {}
}
