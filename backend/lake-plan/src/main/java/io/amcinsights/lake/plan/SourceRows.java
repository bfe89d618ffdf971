package io.amcinsights.lake.plan;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;

/** The rows of a file of text, one after the other: whole files are too large. */
public interface SourceRows {

    /**
     * The names of the columns. Where each row names its own, those that were met so far: all of
     * them behind the last row.
     */
    List<String> header();

    /** How many rows were read. */
    long rows();

    /**
     * The next row as {@link Nested} values, one for each name of {@link #header}.
     *
     * @return null behind the last row
     * @throws AmcCsv.MalformedException the file is broken; the message names row and column
     */
    @Nullable List<@Nullable Nested> nextValues() throws IOException;

    /**
     * The plain CSV that everything read so far is, too; null where it is nothing that other
     * readers understand alike.
     */
    @Nullable Dialect dialect();
}
