package io.amcinsights.desktop.inputs;

import io.amcinsights.contract.Parameter;
import io.amcinsights.desktop.common.Messages;

/** What kinds of parameters are called. */
public final class ParameterWords {

    private static final Messages MESSAGES = Messages.of(ParameterWords.class);

    private ParameterWords() {}

    /** Such as {@code list of whole numbers}. */
    public static String kind(Parameter.Type type, boolean array) {
        return MESSAGES.text((array ? "parameter.list." : "parameter.type.") + type);
    }
}
