package io.amcinsights.lake.plan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

import org.jspecify.annotations.Nullable;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads objects of JSON, one for each line or one behind the other, or all in one array. A name
 * that an object lacks is NULL in its row.
 */
final class JsonRows implements SourceRows {

    /** More columns than a table of Athena takes are names that are data. */
    private static final int MOST_COLUMNS = 10_000;

    private final JsonParser json;
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final List<String> header = new ArrayList<>();
    private boolean began;
    private boolean array;
    private long rows;

    /** The caller closes the stream. */
    JsonRows(InputStream in) throws IOException {
        this.json = new JsonFactory().createParser(unmarked(in));
        json.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
        json.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    }

    private static InputStream unmarked(InputStream in) throws IOException {
        in.mark(3);
        if (in.read() != 0xEF || in.read() != 0xBB || in.read() != 0xBF) {
            in.reset();
        }
        return in;
    }

    @Override
    public List<String> header() {
        return header;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public @Nullable Dialect dialect() {
        return null;
    }

    @Override
    public @Nullable List<@Nullable Nested> nextValues() throws IOException {
        try {
            JsonToken token = json.nextToken();
            if (!began && token == JsonToken.START_ARRAY) {
                array = true;
                token = json.nextToken();
            }
            began = true;
            if (token == null && array) {
                rows++;
                throw malformed("is missing: the array of rows is never closed");
            }
            if (token == JsonToken.END_ARRAY) {
                if (json.nextToken() != null) {
                    rows++;
                    throw malformed("stands behind the end of the array of rows");
                }
                token = null;
            }
            if (token == null) {
                return null;
            }
            rows++;
            if (token != JsonToken.START_OBJECT) {
                throw malformed("is no JSON object");
            }
            return row();
        } catch (JsonProcessingException e) {
            throw malformed(
                    began && json.currentName() != null
                            ? "cannot be read at “%s”: %s".formatted(json.currentName(), why(e))
                            : "cannot be read: " + why(e));
        } catch (CharConversionException e) {
            throw malformed("is not UTF-8");
        }
    }

    private List<@Nullable Nested> row() throws IOException {
        List<@Nullable Nested> row = new ArrayList<>(header.size());
        for (int i = 0; i < header.size(); i++) {
            row.add(null);
        }
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            Integer place = places.get(name);
            if (place == null) {
                if (header.size() == MOST_COLUMNS) {
                    throw malformed("has more than %d columns".formatted(MOST_COLUMNS));
                }
                place = header.size();
                places.put(name, place);
                header.add(name);
                row.add(null);
            }
            json.nextToken();
            row.set(place, value());
        }
        return row;
    }

    private @Nullable Nested value() throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Nested> entries = new LinkedHashMap<>();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                entries.put(name, value());
            }
            return new Nested.Entries(entries);
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Nested> items = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                items.add(value());
            }
            return new Nested.Items(items);
        }
        if (token == null) {
            throw malformed("ends too early");
        }
        return token == JsonToken.VALUE_NULL
                ? null
                : new Nested.Leaf(json.getText(), token == JsonToken.VALUE_STRING);
    }

    /** Without the places that the parser counts, as they are not those of the file's rows. */
    private static String why(JsonProcessingException e) {
        return e.getOriginalMessage().replaceFirst(" \\(start marker.*", "");
    }

    private AmcCsv.MalformedException malformed(String what) {
        return new AmcCsv.MalformedException("Row %d %s.".formatted(Math.max(rows, 1), what));
    }
}
