package io.amcinsights.lake;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.lake.plan.AmcCsv;
import io.amcinsights.lake.plan.AmcGuess;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.Dialect;
import io.amcinsights.lake.plan.Nested;
import io.amcinsights.lake.plan.NestedGuess;
import io.amcinsights.lake.plan.SourceFormat;
import io.amcinsights.lake.plan.SourceRows;
import io.amcinsights.lake.plan.TypeGuess;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * What reading a delivered file from its beginning to its end tells.
 *
 * @param types that the values of each column need
 * @param dialect see {@link SourceRows#dialect()}
 */
record Inspection(
        List<String> header, List<ColumnType> types, long rows, @Nullable Dialect dialect) {

    /**
     * Reads a file of text.
     *
     * @param told what AMC says that columns are, by name
     */
    static Inspection of(InputStream in, SourceFormat format, Map<String, String> told) {
        try {
            SourceRows rows = format.rows(in);
            List<ColumnType> types =
                    switch (rows) {
                        case AmcCsv csv when format == SourceFormat.AMC_CSV -> ofAmc(csv, told);
                        case AmcCsv csv -> ofTexts(csv);
                        default -> ofValues(rows);
                    };
            return new Inspection(List.copyOf(rows.header()), types, rows.rows(), rows.dialect());
        } catch (AmcCsv.MalformedException e) {
            throw unreadable(String.valueOf(e.getMessage()), e);
        } catch (EOFException | ZipException e) {
            throw unreadable("What is compressed in it is broken or ends too early.", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ColumnType> ofAmc(AmcCsv csv, Map<String, String> told) throws IOException {
        List<AmcGuess> guesses = Stream.generate(AmcGuess::new).limit(csv.header().size()).toList();
        List<@Nullable String> row;
        while ((row = csv.next()) != null) {
            for (int i = 0; i < guesses.size(); i++) {
                guesses.get(i).see(row.get(i));
            }
        }
        List<ColumnType> types = new ArrayList<>();
        for (int i = 0; i < guesses.size(); i++) {
            types.add(guesses.get(i).type(told.get(csv.header().get(i))));
        }
        return types;
    }

    private static List<ColumnType> ofTexts(AmcCsv csv) throws IOException {
        List<TypeGuess> guesses =
                Stream.generate(TypeGuess::new).limit(csv.header().size()).toList();
        List<@Nullable String> row;
        while ((row = csv.next()) != null) {
            for (int i = 0; i < guesses.size(); i++) {
                guesses.get(i).see(row.get(i));
            }
        }
        return guesses.stream().map(TypeGuess::type).toList();
    }

    private static List<ColumnType> ofValues(SourceRows rows) throws IOException {
        List<NestedGuess> guesses = new ArrayList<>();
        List<@Nullable Nested> row;
        while ((row = rows.nextValues()) != null) {
            while (guesses.size() < row.size()) {
                guesses.add(new NestedGuess());
            }
            for (int i = 0; i < row.size(); i++) {
                guesses.get(i).see(row.get(i));
            }
        }
        return guesses.stream().map(NestedGuess::type).toList();
    }

    static FailureException unreadable(String why, Throwable cause) {
        return new FailureException(unreadable(why), cause);
    }

    static Failure unreadable(String why) {
        return Failure.of(ErrorCode.BAD_DELIVERY, "The file cannot be read: " + why)
                .next("Have it written again; if it stays, look into the file.");
    }
}
