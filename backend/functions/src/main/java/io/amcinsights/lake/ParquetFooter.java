package io.amcinsights.lake;

import io.amcinsights.lake.plan.ColumnType;
import io.amcinsights.lake.plan.Names;

import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * What the footer of a Parquet file says of its columns; nothing else of the file is read. What the
 * lake cannot hold exactly is refused by name.
 *
 * <p>Source: Apache Parquet, format specification and logical types.
 */
final class ParquetFooter {

    private static final String MAGIC = "PAR1";
    private static final int TAIL = 8;
    private static final int USUAL = 1 << 16;
    private static final int MOST = 64 << 20;
    private static final int MOST_DIGITS = 38;
    private static final int LONG_BITS = 64;
    private static final long EXACT_IN_DOUBLE = 1L << 53;
    private static final int DIGITS_OF_DOUBLE = 15;

    private final List<SchemaElement> schema;
    private int position;

    private ParquetFooter(List<SchemaElement> schema) {
        this.schema = schema;
    }

    static Inspection inspect(LakeFiles files, String key) {
        FileMetaData footer = read(files, key);
        return new ParquetFooter(Objects.requireNonNull(footer.getSchema())).inspection(footer);
    }

    private static FileMetaData read(LakeFiles files, String key) {
        byte[] end = files.end(key, USUAL);
        if (end.length < TAIL || !magic(end).equals(MAGIC)) {
            throw Inspection.unreadable(
                            "It is not a whole Parquet file, or an encrypted one: its end is"
                                    + " missing.")
                    .exception();
        }
        int length = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getInt(end.length - TAIL);
        if (length <= 0 || length > MOST) {
            throw Inspection.unreadable("Its Parquet footer has no sensible length.").exception();
        }
        if (length + TAIL > end.length) {
            end = files.end(key, length + TAIL);
        }
        if (length + TAIL > end.length) {
            throw Inspection.unreadable("Its Parquet footer is cut off.").exception();
        }
        try {
            return Util.readFileMetaData(
                    new ByteArrayInputStream(end, end.length - TAIL - length, length));
        } catch (IOException e) {
            throw Inspection.unreadable("Its Parquet footer is broken.", e);
        }
    }

    private static String magic(byte[] end) {
        return new String(
                Arrays.copyOfRange(end, end.length - MAGIC.length(), end.length),
                StandardCharsets.US_ASCII);
    }

    private Inspection inspection(FileMetaData footer) {
        List<String> header = new ArrayList<>();
        List<ColumnType> types = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        int columns = schema.getFirst().getNum_children();
        position = 1;
        for (int i = 0; i < columns; i++) {
            String name = name(schema.get(position));
            if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                throw refused(name, "is there twice");
            }
            header.add(name);
            SchemaElement element = schema.get(position);
            ColumnType type = next(name);
            types.add(mayBeWide(type, element, footer) ? type.widely() : type);
        }
        return new Inspection(header, types, footer.getNum_rows(), null);
    }

    /** Whether there may be numbers that a double does not hold: statistics need not be there. */
    private static boolean mayBeWide(ColumnType type, SchemaElement element, FileMetaData footer) {
        if (type.kind() == ColumnType.Kind.DECIMAL) {
            return !isDecimal(element.getLogicalType(), element.getConverted_type())
                    || digits(element) > DIGITS_OF_DOUBLE;
        }
        return type.kind() == ColumnType.Kind.BIGINT
                && Objects.requireNonNullElse(footer.getRow_groups(), List.<RowGroup>of()).stream()
                        .flatMap(group -> Objects.requireNonNull(group.getColumns()).stream())
                        .map(chunk -> Objects.requireNonNull(chunk.getMeta_data()))
                        .filter(chunk -> List.of(name(element)).equals(chunk.getPath_in_schema()))
                        .anyMatch(ParquetFooter::mayBeWide);
    }

    private static boolean mayBeWide(ColumnMetaData chunk) {
        if (chunk.getType() == Type.INT32) {
            return false;
        }
        Statistics statistics = chunk.getStatistics();
        if (statistics == null
                || !statistics.isSetMin_value()
                || !statistics.isSetMax_value()
                || statistics.getMin_value().length != Long.BYTES
                || statistics.getMax_value().length != Long.BYTES) {
            return true;
        }
        return number(statistics.getMin_value()) < -EXACT_IN_DOUBLE
                || number(statistics.getMax_value()) > EXACT_IN_DOUBLE;
    }

    private static long number(byte[] written) {
        return ByteBuffer.wrap(written).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** The type of the element at the position, which moves behind it and all below it. */
    private ColumnType next(String path) {
        SchemaElement element = schema.get(position++);
        boolean repeated = element.getRepetition_type() == FieldRepetitionType.REPEATED;
        ColumnType type = element.isSetType() ? single(element, path) : group(element, path);
        return repeated ? ColumnType.array(type) : type;
    }

    private ColumnType group(SchemaElement group, String path) {
        LogicalType logical = group.getLogicalType();
        ConvertedType old = group.getConverted_type();
        if ((logical != null && logical.isSetLIST()) || old == ConvertedType.LIST) {
            return list(group, path);
        }
        if ((logical != null && (logical.isSetMAP() || logical.isSetVARIANT()))
                || old == ConvertedType.MAP
                || old == ConvertedType.MAP_KEY_VALUE) {
            throw refused(path, "is a map");
        }
        List<ColumnType.Field> fields = new ArrayList<>();
        for (int i = 0; i < group.getNum_children(); i++) {
            String name = name(schema.get(position));
            String plain = Names.plain(name);
            if (!name.toLowerCase(Locale.ROOT).equals(plain)
                    || fields.stream().anyMatch(f -> f.name().equals(plain))) {
                throw refused(
                        path,
                        "has a field “%s”: fields need names of their own, of letters, digits and _"
                                .formatted(name));
            }
            fields.add(new ColumnType.Field(plain, next(path + "." + name).named(plain)));
        }
        if (fields.isEmpty()) {
            throw refused(path, "has no fields");
        }
        return ColumnType.row(fields);
    }

    /** In three levels; older writers leave one out. Source: Parquet, backward compatibility. */
    private ColumnType list(SchemaElement group, String path) {
        SchemaElement repeated = schema.get(position);
        if (group.getNum_children() != 1
                || repeated.getRepetition_type() != FieldRepetitionType.REPEATED) {
            throw refused(path, "is a list that is not laid out as one");
        }
        String name = name(repeated);
        boolean isElement =
                repeated.isSetType()
                        || repeated.getNum_children() != 1
                        || name.equals("array")
                        || name.endsWith("_tuple");
        if (isElement) {
            return next(path);
        }
        position++;
        return ColumnType.array(next(path));
    }

    private static ColumnType single(SchemaElement element, String path) {
        LogicalType logical = element.getLogicalType();
        ConvertedType old = element.getConverted_type();
        return switch (Objects.requireNonNull(element.getType())) {
            case BOOLEAN -> ColumnType.BOOLEAN;
            case FLOAT, DOUBLE -> ColumnType.DOUBLE;
            case INT32, INT64 -> whole(element, logical, old, path);
            case INT96 ->
                    throw refused(
                            path,
                            "is a timestamp of the outdated kind INT96, which may count"
                                    + " nanoseconds");
            case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> bytes(element, logical, old, path);
        };
    }

    private static ColumnType whole(
            SchemaElement element,
            @Nullable LogicalType logical,
            @Nullable ConvertedType old,
            String path) {
        if (isDecimal(logical, old)) {
            return decimal(element, path);
        }
        if ((logical != null && logical.isSetDATE()) || old == ConvertedType.DATE) {
            return ColumnType.DATE;
        }
        if ((logical != null && logical.isSetTIMESTAMP())
                || old == ConvertedType.TIMESTAMP_MILLIS
                || old == ConvertedType.TIMESTAMP_MICROS) {
            boolean nanos =
                    logical != null
                            && logical.isSetTIMESTAMP()
                            && Objects.requireNonNull(logical.getTIMESTAMP().getUnit())
                                    .isSetNANOS();
            if (nanos && path.contains(".")) {
                throw refused(path, "counts nanoseconds");
            }
            return ColumnType.TIMESTAMP;
        }
        if ((logical != null && logical.isSetTIME())
                || old == ConvertedType.TIME_MILLIS
                || old == ConvertedType.TIME_MICROS) {
            throw refused(path, "is a time without a day");
        }
        IntType whole = logical != null && logical.isSetINTEGER() ? logical.getINTEGER() : null;
        boolean huge =
                old == ConvertedType.UINT_64
                        || (whole != null
                                && !whole.isIsSigned()
                                && whole.getBitWidth() == LONG_BITS);
        return huge ? ColumnType.parse("decimal(38,0)") : ColumnType.BIGINT;
    }

    private static ColumnType bytes(
            SchemaElement element,
            @Nullable LogicalType logical,
            @Nullable ConvertedType old,
            String path) {
        if (isDecimal(logical, old)) {
            return decimal(element, path);
        }
        boolean text =
                (logical != null
                                && (logical.isSetSTRING()
                                        || logical.isSetENUM()
                                        || logical.isSetJSON()
                                        || logical.isSetUUID()))
                        || old == ConvertedType.UTF8
                        || old == ConvertedType.ENUM
                        || old == ConvertedType.JSON;
        if (!text) {
            throw refused(path, "holds bytes that are no text");
        }
        return ColumnType.VARCHAR;
    }

    private static String name(SchemaElement element) {
        return Objects.requireNonNull(element.getName());
    }

    private static boolean isDecimal(@Nullable LogicalType logical, @Nullable ConvertedType old) {
        return (logical != null && logical.isSetDECIMAL()) || old == ConvertedType.DECIMAL;
    }

    private static ColumnType decimal(SchemaElement element, String path) {
        LogicalType logical = element.getLogicalType();
        DecimalType told = logical != null && logical.isSetDECIMAL() ? logical.getDECIMAL() : null;
        int digits = digits(element);
        int scale = told == null ? element.getScale() : told.getScale();
        if (digits > MOST_DIGITS || scale < 0) {
            throw refused(path, "has decimals of more than %d digits".formatted(MOST_DIGITS));
        }
        return ColumnType.parse("decimal(38,%d)".formatted(scale));
    }

    private static int digits(SchemaElement decimal) {
        LogicalType logical = decimal.getLogicalType();
        return logical != null && logical.isSetDECIMAL()
                ? logical.getDECIMAL().getPrecision()
                : decimal.getPrecision();
    }

    private static RuntimeException refused(String column, String why) {
        return Inspection.unreadable("The column “%s” %s.".formatted(column, why)).exception();
    }
}
