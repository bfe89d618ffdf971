package io.amcinsights.lake;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.caught;
import static io.amcinsights.TestInstallation.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.util.RawValue;

import io.amcinsights.StepFailed;
import io.amcinsights.TestInstallation;
import io.amcinsights.aws.MemoryS3;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.Json;
import io.amcinsights.contract.LakeRequest.GetDelivery;
import io.amcinsights.contract.LakeRequest.PutRawDataset;
import io.amcinsights.lake.plan.Layout;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * What goes in and exactly what comes out: files, from the event that tells of them to the rows
 * that a query reads.
 */
class GoldenTest {

    private static final String TENANT = "amcr1aaaa1a";
    private static final String EXECUTIONS = "/amc/reporting/amcr1aaaa1a/workflowExecutions";

    /**
     * A delivered file.
     *
     * @param content a character for each byte
     */
    record Dropped(String key, String content) {

        Dropped(String key, byte[] content) {
            this(key, new String(content, StandardCharsets.ISO_8859_1));
        }

        byte[] bytes() {
            return content.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * Files of one dataset, one after the other, and what the table is then.
     *
     * @param types column and type as the catalogue has them
     * @param rows values joined by |, in the order of deliveries and rows
     */
    record Case(
            String name, String told, List<Dropped> files, List<String> types, List<String> rows) {

        @Override
        public String toString() {
            return name;
        }

        Case told(String columns) {
            return new Case(name, columns, files, types, rows);
        }

        Case types(String... expected) {
            return new Case(name, told, files, List.of(expected), rows);
        }

        Case rows(String... expected) {
            return new Case(name, told, files, types, List.of(expected));
        }
    }

    /** A file that cannot be loaded, and what its failure says. */
    record Bad(String name, List<Dropped> files, String message) {

        @Override
        public String toString() {
            return name;
        }
    }

    @TempDir private static Path folder;

    private final TestInstallation installation = new TestInstallation();
    private final LakeHandler lake = new LakeHandler(installation.functions());
    private final TransformHandler transform = new TransformHandler(installation.functions());
    private final List<String> parquet = new ArrayList<>();

    @BeforeEach
    void installation() {
        installation.tenant(TENANT, "bucket-one");
        installation.amc.on("GET", EXECUTIONS, 200, "{\"executions\":[]}");
        ask(lake, new PutRawDataset("prices", "What things cost"));
    }

    @AfterEach
    void close() {
        installation.close();
    }

    /** What the retired job measurably did to the same inputs is in each name. */
    static Stream<Case> retired() {
        return Stream.of(
                amc("an empty text, not “nan”", "name,n\n,1\nx,2\n")
                        .types("name string", "n bigint")
                        .rows("NULL|1", "x|2"),
                amc("an empty id, not “<NA>”", "campaign_id,asin,n\n,,1\n1,B0,2\n")
                        .types("campaign_id string", "asin string", "n bigint")
                        .rows("NULL|NULL|1", "1|B0|2"),
                amc("zeros in front of an id", "campaign_id,postal_code\n00123,01067\n")
                        .types("campaign_id string", "postal_code string")
                        .rows("00123|01067"),
                amc("a boolean with an empty cell, not texts", "a,n\ntrue,1\n,2\nFALSE,3\n")
                        .types("a boolean", "n bigint")
                        .rows("true|1", "NULL|2", "false|3"),
                amc("whole amounts first, not bigint", "cost\n1.0\n2.0\n")
                        .types("cost decimal(38,4)")
                        .rows("1.0000", "2.0000"),
                amc("then cents, not cut off", "cost\n1.0\n2.0\n", "cost\n1.25\n99.99\n")
                        .types("cost decimal(38,4)")
                        .rows("1.0000", "2.0000", "1.2500", "99.9900"),
                amc("whole numbers, then cents", "cost\n1\n2\n", "cost\n1.25\n99.99\n")
                        .types("cost decimal(38,4)")
                        .rows("1.0000", "2.0000", "1.2500", "99.9900"),
                amc(
                                "2^53 + 1 into a bigint, not 2^53",
                                "users\n1\n",
                                "users\n9007199254740993\n-9223372036854775808\n")
                        .types("users bigint")
                        .rows("1", "9007199254740993", "-9223372036854775808"),
                amc("nothing at first, text later", "late,n\n,1\n", "late,n\nx,2\n")
                        .types("late string", "n bigint")
                        .rows("NULL|1", "x|2"),
                amc("nothing at first, a number later", "late,n\n,1\n", "late,n\n7,2\n")
                        .types("late bigint", "n bigint")
                        .rows("NULL|1", "7|2"),
                amc("text into a bigint, no failure", "code,n\n7,1\n", "code,n\nx,2\n")
                        .types("code string", "n bigint")
                        .rows("7|1", "x|2"),
                amc("ISO timestamps, no texts", "at\n2026-11-23T10:15:30.123Z\n")
                        .types("at timestamp")
                        .rows("2026-11-23 10:15:30.123"));
    }

    static Stream<Case> writtenByAmc() {
        return Stream.of(
                amc("an escaped quote", "a,n\n\"say \\\"hi\\\", \\\\o/\",1\n")
                        .types("a string", "n bigint")
                        .rows("say \"hi\", \\o/|1"),
                amc("line ends and commas inside", "a,n\n\"two\nlines, \r\nor three\",1\n")
                        .types("a string", "n bigint")
                        .rows("two\nlines, \r\nor three|1"),
                amc("the empty text is not NULL", "a,n\n\"\",1\n,2\n")
                        .types("a string", "n bigint")
                        .rows("|1", "NULL|2"),
                amc("one row of one column", "a\n7\n").types("a bigint").rows("7"),
                amc("a mark of byte order, and CRLF", "\uFEFFa,n\r\nx,1\r\n\"y\",2\r\n")
                        .types("a string", "n bigint")
                        .rows("x|1", "y|2"),
                amc("names that are one in the catalogue", "Cost (US$),cost us,COST_US\n1,2,3\n")
                        .types("cost_us bigint", "cost_us_2 bigint", "cost_us_3 bigint")
                        .rows("1|2|3"),
                amc("a number that neither double nor decimal holds", "a\n1e-5\n9007199254740993\n")
                        .types("a string")
                        .rows("1e-5", "9007199254740993"),
                amc(
                                "a number that a double does not hold, and doubles later",
                                "a\n9007199254740993\n",
                                "a\n1e-5\n")
                        .types("a string")
                        .rows("9007199254740993", "1e-5"),
                amc(
                                "doubles, and a number later that they do not hold",
                                "a\n1e-5\n",
                                "a\n9007199254740993\n")
                        .types("a string")
                        .rows("1e-05", "9007199254740993"),
                amc("whole numbers, and doubles later", "a\n9007199254740992\n", "a\n1e-5\n")
                        .types("a double")
                        .rows("9.007199254740992E15", "1.0E-5"),
                amc("a fraction of the double kind", "share\n0.3333333333333333\n1.0E-5\n")
                        .types("share double")
                        .rows("0.3333333333333333", "1.0E-5"),
                amc(
                                "rows of an array",
                                """
                                path,n
                                "[[1, OTT], [2, Display]]",1
                                "[[1, OTT & Co]]",2
                                ,3
                                [],4
                                """)
                        .types("path array<struct<field0:bigint,field1:string>>", "n bigint")
                        .rows(
                                "[{'field0': 1, 'field1': OTT}, {'field0': 2, 'field1':"
                                        + " Display}]|1",
                                "[{'field0': 1, 'field1': OTT & Co}]|2",
                                "NULL|3",
                                "[]|4"),
                amc("numbers of an array", "ages\n\"[1, 2, null]\"\n[7]\n")
                        .types("ages array<bigint>")
                        .rows("[1, 2, NULL]", "[7]"),
                amc("texts of an array that AMC tells", "seen\n\"[Display, OTT]\"\n[OTT]\n")
                        .told("{'name':'seen','dataType':'ARRAY'}")
                        .types("seen array<string>")
                        .rows("[Display, OTT]", "[OTT]"),
                amc("a row that AMC tells", "best\n\"[7, OTT]\"\n\"[8, null]\"\n")
                        .told("{'name':'best','dataType':'ROW'}")
                        .types("best struct<field0:bigint,field1:string>")
                        .rows("{'field0': 7, 'field1': OTT}", "{'field0': 8, 'field1': NULL}"),
                amc("texts in brackets that nobody calls an array", "name\n\"[US, CA]\"\n[DE]\n")
                        .types("name string")
                        .rows("[US, CA]", "[DE]"),
                amc(
                                "a comma in a text of a row: nobody can tell",
                                "path\n\"[[1, OTT], [2, Kestrel, Inc.]]\"\n\"[[1, OTT]]\"\n")
                        .types("path string")
                        .rows("[[1, OTT], [2, Kestrel, Inc.]]", "[[1, OTT]]"),
                amc("a bracket in a text", "path\n\"[[1, [US] Kestrel], [2, OTT]]\"\n")
                        .types("path string")
                        .rows("[[1, [US] Kestrel], [2, OTT]]"),
                amc("a map", "by\n\"{a=1, b=2}\"\n").types("by string").rows("{a=1, b=2}"),
                amc("elements that widen", "path\n\"[[1, OTT]]\"\n", "path\n\"[[1.5, Display]]\"\n")
                        .types("path array<struct<field0:decimal(38,4),field1:string>>")
                        .rows(
                                "[{'field0': 1.0000, 'field1': OTT}]",
                                "[{'field0': 1.5000, 'field1': Display}]"),
                amc(
                                "an array that turns out to be text",
                                "path\n\"[[1, OTT], [2, null]]\"\n[]\n",
                                "path\nnone\n\"[[1, a, b]]\"\n")
                        .types("path string")
                        .rows("[[1, OTT], [2, null]]", "[]", "none", "[[1, a, b]]"),
                amc(
                                "arrays beside what only our own reader understands",
                                "path,a\n\"[[1, OTT]]\",\"x \\\"y\"\" \"\n")
                        .types("path array<struct<field0:bigint,field1:string>>", "a string")
                        .rows("[{'field0': 1, 'field1': OTT}]|x \"y\" "),
                new Case(
                                "compressed",
                                "",
                                List.of(
                                        new Dropped(
                                                amcKey(0),
                                                gzip("cost,a\n1.25,\"x, \\\"y\\\"\"\n2,\n"))),
                                List.of(),
                                List.of())
                        .types("cost decimal(38,4)", "a string")
                        .rows("1.2500|x, \"y\"", "2.0000|NULL"));
    }

    static Stream<Case> dropped() {
        return Stream.of(
                raw("RFC 4180", "p.csv", "sku_id,name,cost\n007,\"a \"\"b\"\", \\\",1.5\n8,\"\",\n")
                        .types("sku_id string", "name string", "cost decimal(38,4)")
                        .rows("007|a \"b\", \\|1.5000", "8||NULL"),
                raw("RFC 4180 with CRLF and line ends inside", "p.csv", "a,n\r\n\"x\ny\",1\r\n")
                        .types("a string", "n bigint")
                        .rows("x\ny|1"),
                raw("brackets in RFC 4180 are text", "p.csv", "a\n\"[1, 2]\"\n")
                        .types("a string")
                        .rows("[1, 2]"),
                raw(
                                "lines of JSON",
                                "p.jsonl",
                                """
                                {"sku_id":"007","n":9007199254740993,"cost":1.10,"ok":true,"day":"2026-11-23"}
                                {"sku_id":8,"n":null,"code":"123","day":""}

                                {"code":"00", "cost":2, "at":"2026-11-23T10:15:30Z"}
                                """)
                        .types(
                                "sku_id string",
                                "n bigint",
                                "cost decimal(38,4)",
                                "ok boolean",
                                "day date",
                                "code string",
                                "at timestamp")
                        .rows(
                                "007|9007199254740993|1.1000|true|2026-11-23|NULL|NULL",
                                "8|NULL|NULL|NULL|NULL|123|NULL",
                                "NULL|NULL|2.0000|NULL|NULL|00|2026-11-23 10:15:30.0"),
                raw(
                                "an array of JSON, with arrays and rows",
                                "p.json",
                                """
                                [{"tags":["a","b, [c]"],"size":{"Width cm":1.5,"shop_id":7},
                                  "rows":[{"n":1},{"n":2,"t":"x \\"y\\" \\u00e9\\n"}],"any":{"a":1}},
                                 {"tags":[],"size":null,"any":[1,"x",1.50]}, {"any":"plain"}]
                                """)
                        .types(
                                "tags array<string>",
                                "size struct<width_cm:decimal(38,4),shop_id:string>",
                                "rows array<struct<n:bigint,t:string>>",
                                "any string")
                        .rows(
                                "[a, 'b, [c]']|{'width_cm': 1.5000, 'shop_id': 7}|[{'n': 1, 't':"
                                        + " NULL}, {'n': 2, 't': 'x \"y\" é\n'}]|{\"a\":1}",
                                "[]|NULL|NULL|[1,\"x\",1.50]",
                                "NULL|NULL|NULL|plain"),
                raw("compressed JSON", "p.ndjson.gz", gzip("{\"a\":1}\n{\"a\":2.5}\n"))
                        .types("a decimal(38,4)")
                        .rows("1.0000", "2.5000"),
                raw("compressed CSV", "a/b/p.csv.gz", gzip("a,n\n\"x, y\",1\n"))
                        .types("a string", "n bigint")
                        .rows("x, y|1"),
                raw(
                                "Parquet",
                                "p.parquet",
                                parquet(
                                        """
                                        SELECT 9007199254740993 AS "Big", 7::INTEGER AS shop_id,
                                          1.5::FLOAT AS f, true AS ok, DATE '2026-11-23' AS day,
                                          123456789012345678.123456789::DECIMAL(27,9) AS exact,
                                          TIMESTAMP '2026-11-23 10:15:30.123456' AS micros,
                                          TIMESTAMPTZ '2026-11-23 12:15:30+02' AS zoned,
                                          TIMESTAMP_NS '2026-11-23 10:15:30.123456' AS nanos,
                                          18446744073709551615::UBIGINT AS huge,
                                          [{'n': 1, 't': 'x, [y]'}] AS list, '' AS t
                                        UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                          NULL, NULL, NULL, NULL, NULL
                                        """))
                        .types(
                                "big bigint",
                                "shop_id string",
                                "f double",
                                "ok boolean",
                                "day date",
                                "exact decimal(38,9)",
                                "micros timestamp",
                                "zoned timestamp",
                                "nanos timestamp",
                                "huge decimal(38,0)",
                                "list array<struct<n:bigint,t:string>>",
                                "t string")
                        .rows(
                                "9007199254740993|7|1.5|true|2026-11-23|123456789012345678.123456789|2026-11-23"
                                    + " 10:15:30.123456|2026-11-23 10:15:30.0|2026-11-23"
                                    + " 10:15:30.123456|18446744073709551615|[{'n': 1, 't': 'x,"
                                    + " [y]'}]|",
                                "NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL"),
                raw(
                                "one dataset of all formats",
                                new Dropped(rawKey("1.csv"), bytes("a,n\nx,1\n")),
                                new Dropped(rawKey("2.json"), bytes("{\"n\":2.5,\"b\":[1]}")),
                                new Dropped(
                                        rawKey("3.parquet"),
                                        parquet(
                                                "SELECT 3::SMALLINT AS n, [2.5::DECIMAL(3,1)] AS"
                                                        + " b")))
                        .types("a string", "n decimal(38,4)", "b array<decimal(38,1)>")
                        .rows("x|1.0000|NULL", "NULL|2.5000|[1.0]", "NULL|3.0000|[2.5]"),
                raw(
                                "numbers of Parquet that a double does not hold, behind doubles",
                                new Dropped(rawKey("1.csv"), bytes("n\n1e-7\n")),
                                new Dropped(
                                        rawKey("2.parquet"),
                                        parquet("SELECT unnest([1, 9007199254740993]) AS n")))
                        .types("n string")
                        .rows("1e-07", "1", "9007199254740993"),
                raw(
                                "the same before doubles",
                                new Dropped(
                                        rawKey("1.parquet"),
                                        parquet("SELECT unnest([1, 9007199254740993]) AS n")),
                                new Dropped(rawKey("2.csv"), bytes("n\n0.5e0\n")))
                        .types("n string")
                        .rows("1", "9007199254740993", "0.5e0"),
                raw(
                                "smaller ones before doubles",
                                new Dropped(
                                        rawKey("1.parquet"),
                                        parquet("SELECT unnest([1, 9007199254740992]) AS n")),
                                new Dropped(rawKey("2.csv"), bytes("n\n0.5e0\n")))
                        .types("n double")
                        .rows("1.0", "9.007199254740992E15", "0.5"),
                raw(
                                "rows of JSON that get another field, then are text",
                                new Dropped(rawKey("1.json"), bytes("{\"a\":{\"x\":1}}")),
                                new Dropped(
                                        rawKey("2.json"), bytes("{\"a\":{\"x\":2,\"y\":\"z\"}}")),
                                new Dropped(rawKey("3.json"), bytes("{\"a\":\"w\"}")))
                        .types("a string")
                        .rows("{\"x\":1,\"y\":null}", "{\"x\":2,\"y\":\"z\"}", "w"));
    }

    @ParameterizedTest
    @MethodSource({"retired", "writtenByAmc", "dropped"})
    void whatGoesInComesOut(Case of) throws Exception {
        if (!of.told().isEmpty()) {
            tell(of.told().replace('\'', '"'));
        }
        String dataset = "";
        for (Dropped file : of.files()) {
            Delivery delivery = load(file);
            assertThat(delivery.status())
                    .as("%s", delivery.problem())
                    .isEqualTo(Delivery.Status.LOADED);
            dataset = Objects.requireNonNull(delivery.dataset());
        }
        assertThat(installation.glue.columns(dataset))
                .filteredOn(c -> !Layout.PROVENANCE.containsKey(c.replaceFirst(" .*", "")))
                .containsExactlyElementsOf(of.types());
        assertThat(rows(dataset, of.types())).containsExactlyElementsOf(of.rows());
    }

    static Stream<Bad> broken() {
        return Stream.of(
                bad("a text in no UTF-8", amcKey(0), latin("a,b\n1,x\n2,\u00e9\n"))
                        .says("Row 2 is not UTF-8, in the column “b”."),
                bad("cut off inside of quotes", amcKey(0), bytes("a,b\n1,x\n2,\"y"))
                        .says("Row 2 has a quote that is never closed, in the column “b”."),
                bad("cut off between columns", amcKey(0), bytes("a,b\n1,x\n2"))
                        .says("Row 2 has 1 fields where the header has 2."),
                bad("cut off when compressed", amcKey(0), half(gzip("a\n" + "1\n".repeat(999))))
                        .says("What is compressed in it is broken or ends too early."),
                bad("JSON cut off", rawKey("p.json"), bytes("[{\"a\":1},{\"a\":2"))
                        .says("Row 2 cannot be read at “a”"),
                bad("JSON that is no object", rawKey("p.jsonl"), bytes("{\"a\":1}\n7\n"))
                        .says("Row 2 is no JSON object."),
                bad("JSON with a name twice", rawKey("p.json"), bytes("{\"a\":1,\"a\":2}"))
                        .says("Row 1 cannot be read at “a”"),
                bad("Parquet cut off", rawKey("p.parquet"), half(parquet("SELECT 1 AS a")))
                        .says("It is not a whole Parquet file"),
                bad(
                                "a map of Parquet",
                                rawKey("p.parquet"),
                                parquet("SELECT MAP {'a': 1} AS by_name"))
                        .says("The column “by_name” is a map."),
                bad("bytes of Parquet", rawKey("p.parquet"), parquet("SELECT 'x'::BLOB AS b"))
                        .says("The column “b” holds bytes that are no text."),
                bad("a time of Parquet", rawKey("p.parquet"), parquet("SELECT TIME '10:00' AS t"))
                        .says("The column “t” is a time without a day."),
                bad(
                                "nanoseconds of Parquet",
                                rawKey("p.parquet"),
                                parquet(
                                        "SELECT unnest([TIMESTAMP_NS '2026-01-01 00:00:00',"
                                                + " '2026-01-01 00:00:00.000000001']) AS at"))
                        .says("Row 2 has “2026-01-01 00:00:00.000000001” in the column “at”"),
                new Bad(
                        "a number too long for the dataset's",
                        List.of(
                                new Dropped(amcKey(0), bytes("cost\n1.5\n")),
                                new Dropped(amcKey(1), bytes("cost\n2\n" + "9".repeat(36) + "\n"))),
                        "Row 2 has “%s” in the column “cost”".formatted("9".repeat(36))));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void whatCannotBeReadSaysRowAndColumn(Bad of) {
        for (Dropped good : of.files().subList(0, of.files().size() - 1)) {
            assertThat(load(good).status()).isEqualTo(Delivery.Status.LOADED);
        }
        Delivery delivery = load(of.files().getLast());
        assertThat(delivery.status()).isEqualTo(Delivery.Status.FAILED);
        assertThat(Objects.requireNonNull(delivery.problem()).message()).contains(of.message());
    }

    @Test
    void aTableMayHaveThreeThousandColumns() throws Exception {
        String names =
                IntStream.range(0, 3000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        String values = String.join(",", Collections.nCopies(3000, "1.5"));
        load(new Dropped(amcKey(0), bytes(names + "\n" + values + "\n")));
        assertThat(rows("golden", List.of("c0", "c2999"))).containsExactly("1.5000|1.5000");
    }

    private static Case amc(String name, String... files) {
        List<Dropped> dropped = new ArrayList<>();
        for (String file : files) {
            dropped.add(new Dropped(amcKey(dropped.size()), bytes(file)));
        }
        return new Case(name, "", dropped, List.of(), List.of());
    }

    private static Case raw(String name, String file, String content) {
        return raw(name, file, bytes(content));
    }

    private static Case raw(String name, String file, byte[] content) {
        return raw(name, new Dropped(rawKey(file), content));
    }

    private static Case raw(String name, Dropped... files) {
        return new Case(name, "", List.of(files), List.of(), List.of());
    }

    private record Broken(String name, Dropped file) {

        Bad says(String message) {
            return new Bad(name, List.of(file), message);
        }
    }

    private static Broken bad(String name, String key, byte[] content) {
        return new Broken(name, new Dropped(key, content));
    }

    private static String amcKey(int minute) {
        return "workflow=golden/schedule=adhoc/2026-11-23T10:%02d:00.123Z-golden.csv"
                .formatted(minute);
    }

    private static String rawKey(String file) {
        return "raw/prices/tenant=%s/%s".formatted(TENANT, file);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] half(byte[] content) {
        return Arrays.copyOf(content, content.length / 2);
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }

    private static byte[] parquet(String select) {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            Path file = Files.createTempFile(folder, "dropped", ".parquet");
            statement.execute("COPY (%s) TO '%s' (FORMAT parquet)".formatted(select, file));
            return Files.readAllBytes(file);
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void tell(String columns) {
        String execution =
                """
                {"workflowExecutionId":"e-1","workflowId":"golden","status":"SUCCEEDED",
                 "createTime":"2026-11-23T10:00:00Z","outputColumns":[%s]}\
                """
                        .formatted(columns);
        installation
                .amc
                .off("GET", EXECUTIONS)
                .on("GET", EXECUTIONS, 200, "{\"executions\":[%s]}".formatted(execution))
                .on("GET", EXECUTIONS + "/e-1", 200, execution);
    }

    /** From the event to the end, as the state machine does it. */
    private Delivery load(Dropped file) {
        String bucket = file.key().startsWith("raw/") ? "lake" : "bucket-one";
        installation.s3.objects.put(bucket + "/" + file.key(), file.bytes());
        var input = Json.mapper().createObjectNode();
        input.put("step", "claim").put("execution", "execution-1");
        var detail = input.putObject("event").put("source", "aws.s3").putObject("detail");
        detail.putObject("bucket").put("name", bucket);
        detail.putObject("object")
                .put("key", file.key())
                .put("size", file.bytes().length)
                .put("etag", MemoryS3.etag(file.bytes()));
        String id = step(lake, input.toString()).path("deliveryId").asText();
        try {
            finish(id);
        } catch (StepFailed e) {
            var failure = Json.mapper().createObjectNode();
            failure.put("step", "record-failure").put("deliveryId", id);
            failure.putRawValue("error", new RawValue(caught(e).replace("'", "’")));
            step(lake, failure.toString());
        }
        return ask(lake, new GetDelivery(id));
    }

    private void finish(String id) {
        JsonNode published;
        do {
            JsonNode staged = step(lake, "{'step':'pre-stage','deliveryId':'%s'}".formatted(id));
            JsonNode outcome = step(transform, staged.path("transform").toString());
            published =
                    step(
                            lake,
                            "{'step':'publish','deliveryId':'%s','result':%s}"
                                    .formatted(id, outcome));
        } while (published.path("replan").asBoolean());
        parquet.add(id);
    }

    /** In the order of the deliveries, by the names of the columns. */
    private List<String> rows(String dataset, List<String> columns)
            throws IOException, SQLException {
        List<String> files = new ArrayList<>();
        for (String id : parquet) {
            String key = published(dataset).filter(k -> k.contains(id)).findFirst().orElseThrow();
            Path file = folder.resolve(id + ".parquet");
            Files.write(file, Objects.requireNonNull(installation.s3.objects.get(key)));
            files.add("'%s'".formatted(file));
        }
        String names =
                columns.stream()
                        .map(c -> '"' + c.replaceFirst(" .*", "") + '"')
                        .collect(Collectors.joining(", "));
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT %s FROM read_parquet([%s], union_by_name=true)"
                                        .formatted(names, String.join(", ", files)))) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns.size(); i++) {
                    String value = rows.getString(i);
                    values.add(value == null ? "NULL" : value);
                }
                found.add(String.join("|", values));
            }
            return found;
        }
    }

    /** The files that the catalogue's partitions show. */
    private Stream<String> published(String dataset) {
        return installation.glue.partitions().stream()
                .map(p -> p.storageDescriptor().location().replace("s3://", ""))
                .flatMap(
                        place ->
                                installation.s3.objects.keySet().stream()
                                        .filter(k -> k.startsWith(place)))
                .filter(k -> k.startsWith("lake/post-stage/%s/".formatted(dataset)));
    }
}
