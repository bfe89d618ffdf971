package io.amcinsights.desktop.charts;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Column names as people write them: {@code total_roas} becomes “Total ROAS”. */
final class Titles {

    private static final Map<String, String> AS_WRITTEN =
            Stream.of(
                            "AMC", "DSP", "SP", "SB", "SD", "STV", "OTT", "NTB", "ROAS", "ACOS",
                            "CTR", "CPM", "CPC", "CPA", "CVR", "DPV", "ATC", "ASIN", "ID", "SKU",
                            "DMA", "UTC", "USD", "EUR", "GBP")
                    .collect(Collectors.toMap(word -> word.toLowerCase(Locale.ROOT), word -> word));

    private Titles() {}

    static String of(String column) {
        String words =
                Stream.of(column.split("[_\\s]+", -1))
                        .filter(word -> !word.isEmpty())
                        .map(word -> AS_WRITTEN.getOrDefault(word.toLowerCase(Locale.ROOT), word))
                        .collect(Collectors.joining(" "));
        return words.isEmpty()
                ? column
                : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
