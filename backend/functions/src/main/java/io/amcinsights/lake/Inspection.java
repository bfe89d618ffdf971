package io.amcinsights.lake;

import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.FailureException;
import io.amcinsights.lake.plan.AmcCsv;
import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.Dialect;
import io.amcinsights.lake.plan.TypeGuess;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * What reading a delivered file from its beginning to its end tells.
 *
 * @param types that the values of each column need
 * @param dialect see {@link AmcCsv#dialect()}
 */
record Inspection(
        List<String> header, List<ColumnType> types, long rows, @Nullable Dialect dialect) {

    static Inspection of(InputStream in) {
        try {
            AmcCsv csv = new AmcCsv(in);
            List<TypeGuess> guesses =
                    Stream.generate(TypeGuess::new).limit(csv.header().size()).toList();
            List<@Nullable String> row;
            while ((row = csv.next()) != null) {
                for (int i = 0; i < guesses.size(); i++) {
                    guesses.get(i).see(row.get(i));
                }
            }
            return new Inspection(
                    csv.header(),
                    guesses.stream().map(TypeGuess::type).toList(),
                    csv.rows(),
                    csv.dialect());
        } catch (AmcCsv.MalformedException e) {
            throw new FailureException(
                    Failure.of(ErrorCode.BAD_DELIVERY, "The file cannot be read: " + e.getMessage())
                            .next("Run the workflow again; if it stays, look into the file."),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
