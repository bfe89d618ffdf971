package io.amcinsights.lake;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.amcinsights.StepFailed;
import io.amcinsights.TestInstallation;
import io.amcinsights.contract.Dataset;
import io.amcinsights.contract.DatasetRules;
import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.DatasetSettings.FilteredRows;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.LakeRequest.GetDelivery;
import io.amcinsights.contract.LakeRequest.GetTransformation;
import io.amcinsights.contract.LakeRequest.PutDatasetRules;
import io.amcinsights.contract.LakeRequest.PutDatasetSettings;
import io.amcinsights.contract.LakeRequest.PutTransformation;
import io.amcinsights.contract.LakeRequest.SwitchTransformation;
import io.amcinsights.contract.LakeRequest.TransformationInUse;
import io.amcinsights.contract.LakeRequest.Trial;
import io.amcinsights.contract.LakeRequest.TryTransformation;
import io.amcinsights.contract.Quality;
import io.amcinsights.contract.Rule;
import io.amcinsights.contract.Transformation;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

class TransformationsTest {

    private static final String TENANT = "amcr1aaaa1a";
    private static final String OTHER = "amcr2bbbb2b";
    private static final String DATASET = "reach";

    private final Loading loading = new Loading();
    private final TestInstallation installation = loading.installation;

    @BeforeEach
    void tenants() {
        loading.tenant(TENANT, "bucket-one");
        loading.tenant(OTHER, "bucket-two");
    }

    @AfterEach
    void close() {
        installation.close();
    }

    @Test
    void rowsAreWhatTheSqlMakesOfThem() {
        load("campaign,cost,clicks\nA,1.50,3\nB,2,0\nA,0.25,1\n");
        inForce(
                """
                SELECT campaign, sum(cost) AS "Total Cost", count(*) AS rows_seen,
                    sum(cost) / nullif(sum(clicks), 0) AS per_click
                FROM input GROUP BY campaign ORDER BY campaign; -- by campaign
                """);
        Delivery delivery = load("campaign,cost,clicks\nA,1.50,3\nB,2,0\nA,0.26,1\n");

        assertThat(delivery.status()).isEqualTo(Delivery.Status.LOADED);
        assertThat(delivery.rows()).isEqualTo(2);
        Quality quality = Objects.requireNonNull(delivery.quality());
        assertThat(quality.rows()).isEqualTo(2);
        assertThat(quality.nulls())
                .isEqualTo(
                        Map.of("campaign", 0L, "total_cost", 0L, "rows_seen", 0L, "per_click", 1L));
        assertThat(rows(delivery, "campaign, total_cost, rows_seen, per_click, delivery_id"))
                .containsExactly(
                        List.of("A", "1.7600", "2", "0.44", delivery.deliveryId()),
                        Arrays.asList("B", "2.0000", "1", null, delivery.deliveryId()));
        assertThat(loading.dataset(DATASET).columns())
                .extracting(Dataset.Column::name, Dataset.Column::type)
                .startsWith(
                        tuple("campaign", "varchar"),
                        tuple("cost", "decimal(38,4)"),
                        tuple("clicks", "bigint"),
                        tuple("total_cost", "decimal(38,4)"),
                        tuple("rows_seen", "bigint"),
                        tuple("per_click", "double"));
    }

    @Test
    void aTrialShowsRowsAndLoadsNothing() {
        Delivery older = load("campaign,cost\nA,1\nB,2\nC,3\n");
        installation.clock.forward(Duration.ofMinutes(1));
        load("campaign,cost\nZ,9\n");
        Set<String> before = Set.copyOf(installation.s3.objects.keySet());
        String sql = "SELECT lower(campaign) AS name, cost * 2 AS twice FROM input WHERE cost > 1";

        Trial trial = ask(loading.lake, new TryTransformation(DATASET, sql, older.deliveryId()));
        assertThat(trial.rowsIn()).isEqualTo(3);
        assertThat(trial.rowsOut()).isEqualTo(2);
        assertThat(trial.columns())
                .extracting(Dataset.Column::name, Dataset.Column::type)
                .containsExactly(tuple("name", "varchar"), tuple("twice", "bigint"));
        assertThat(trial.rows()).containsExactly(List.of("b", "4"), List.of("c", "6"));
        assertThat(ask(loading.lake, new TryTransformation(DATASET, sql, null)).rows())
                .containsExactly(List.of("z", "18"));

        assertThat(installation.s3.objects.keySet()).isEqualTo(before);
        assertThat(loading.dataset(DATASET).columns())
                .extracting(Dataset.Column::name)
                .doesNotContain("twice");
        assertThat(inUse().transformation()).isEqualTo(Transformation.none(DATASET));
    }

    @Test
    void versionsAreKeptAndOneOfThemIsInForce() {
        load("campaign,cost\nA,1\n");
        Transformation first = put("SELECT campaign, cost + 1 AS cost FROM input");
        assertThat(first.active()).isZero();
        assertThat(load("campaign,cost\nB,1\n").rows()).isEqualTo(1);
        put("SELECT campaign, cost + 2 AS cost FROM input");
        Transformation second = put("SELECT campaign, cost + 2 AS cost FROM input");
        assertThat(second.versions())
                .extracting(Transformation.Version::number)
                .containsExactly(1, 2);

        switchTo(2);
        assertThat(rows(load("campaign,cost\nA,1\n"), "cost")).containsExactly(List.of("3"));
        switchTo(1);
        assertThat(rows(load("campaign,cost\nA,1\n"), "cost")).containsExactly(List.of("2"));
        switchTo(0);
        assertThat(rows(load("campaign,cost\nA,1\n"), "cost")).containsExactly(List.of("1"));

        Failure absent =
                refusal(loading.lake, new SwitchTransformation(DATASET, 3, second.version() + 3));
        assertThat(absent.code()).isEqualTo(ErrorCode.NOT_FOUND);
        Failure stale = refusal(loading.lake, new SwitchTransformation(DATASET, 2, 1));
        assertThat(stale.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(stale.message())
                .isEqualTo("Somebody else has changed the transformation of “reach” meanwhile.");
    }

    @Test
    void theNewestVersionsAndTheOneInForceStay() {
        load("campaign,cost\nA,1\n");
        inForce("SELECT campaign FROM input");
        for (int i = 0; i < Transformation.MOST_VERSIONS + 1; i++) {
            put("SELECT campaign, %d AS n FROM input".formatted(i));
        }
        assertThat(inUse().transformation().versions())
                .hasSize(Transformation.MOST_VERSIONS)
                .extracting(Transformation.Version::number)
                .startsWith(1, 4, 5)
                .endsWith(22);
    }

    @Test
    void otherDatasetsOfTheSameTenantCanBeRead() {
        load("bucket-one", "brands", "campaign,brand\nA,Kestrel\nB,Heron\n");
        load("bucket-two", "brands", "campaign,brand\nA,Falcon\n");
        load("campaign,cost\nA,1\n");
        inForce(
                """
                WITH known AS (SELECT campaign, max_by(brand, delivered_at) AS brand
                    FROM brands GROUP BY campaign)
                SELECT brand, campaign, cost FROM input LEFT JOIN known USING (campaign)
                """);
        assertThat(inUse().transformation().versions().getLast().reads()).containsExactly("brands");

        assertThat(rows(load("campaign,cost\nA,1\nC,2\n"), "brand, campaign"))
                .containsExactlyInAnyOrder(List.of("Kestrel", "A"), Arrays.asList(null, "C"));
        assertThat(rows(load("bucket-two", DATASET, "campaign,cost\nA,1\nB,2\n"), "brand"))
                .containsExactlyInAnyOrder(List.of("Falcon"), Arrays.asList((String) null));
    }

    @Test
    void aTypeThatTheSqlWidensRewritesWhatIsThere() {
        Delivery older = load("campaign,cost\nA,1\n");
        inForce("SELECT campaign, cost / 2 AS cost FROM input");
        Delivery newer = load("campaign,cost\nA,1\n");
        assertThat(newer.status()).isEqualTo(Delivery.Status.LOADED);
        assertThat(rows(newer, "typeof(cost), cost")).containsExactly(List.of("DOUBLE", "0.5"));
        assertThat(rows(older, "typeof(cost), cost")).containsExactly(List.of("DOUBLE", "1.0"));
    }

    @Test
    void numbersThatADoubleDoesNotHoldBecomeTextsBesideDoubles() {
        load("campaign,users\nA,1\n");
        inForce("SELECT campaign, users * 9007199254740993 AS users FROM input");
        Delivery wide = load("campaign,users\nA,1\n");
        inForce("SELECT campaign, users / 2 AS users FROM input");
        Delivery doubles = load("campaign,users\nA,1\n");
        assertThat(doubles.status()).isEqualTo(Delivery.Status.LOADED);
        assertThat(rows(wide, "users")).containsExactly(List.of("9007199254740993"));
        assertThat(rows(doubles, "users")).containsExactly(List.of("0.5"));
    }

    @Test
    void columnsThatAFileLacksAreNull() {
        load("campaign,cost\nA,1\n");
        inForce("SELECT campaign, cost FROM input");
        load("campaign,cost\nA,1.5\n");
        assertThat(rows(load("campaign\nB\n"), "campaign, cost"))
                .containsExactly(Arrays.asList("B", null));
        assertThat(inUse().input())
                .extracting(Dataset.Column::name, Dataset.Column::type)
                .containsExactly(tuple("campaign", "varchar"), tuple("cost", "decimal(38,4)"));
    }

    @Test
    void identifiersStayTexts() {
        load("campaign_id,postal_code\n007,01234\n");
        inForce("SELECT campaign_id, CAST(campaign_id AS BIGINT) AS order_id FROM input");
        assertThat(rows(load("campaign_id,postal_code\n007,01234\n"), "campaign_id, order_id"))
                .containsExactly(List.of("007", "7"));
        assertThat(loading.dataset(DATASET).columns())
                .extracting(Dataset.Column::name, Dataset.Column::type)
                .contains(tuple("order_id", "varchar"));
    }

    @Test
    void rulesAndHiddenRowsAreThoseOfTheMadeRows() {
        load("campaign,users,filtered\nA,1,false\n");
        ask(
                loading.lake,
                new PutDatasetSettings(
                        new DatasetSettings(DATASET, FilteredRows.SEPARATE, "filtered", null, 0)));
        ask(
                loading.lake,
                new PutDatasetRules(
                        new DatasetRules(
                                DATASET, List.of(new Rule.Range("users", "20", null)), 0)));
        inForce("SELECT campaign, users * 10 AS users, filtered FROM input");

        Delivery delivery = load("campaign,users,filtered\nA,1,false\nB,2,false\nC,3,true\n");
        assertThat(delivery.rows()).isEqualTo(2);
        assertThat(rows(delivery, "campaign, users"))
                .containsExactly(List.of("A", "10"), List.of("B", "20"));
        assertThat(loading.dataset("reach_filtered").rows()).isEqualTo(1);
        assertThat(Objects.requireNonNull(delivery.quality()).checks())
                .extracting(Quality.Check::rows)
                .containsExactly(1L);
    }

    @Test
    void aFileThatItCannotBeUsedOnFailsAndIsLoadedOnceItIsMended() {
        load("campaign,cost\nA,1\n");
        inForce("SELECT campaign, CAST(cost AS BIGINT) AS cost FROM input");
        String id = loading.begin("bucket-one", DATASET, "campaign,cost\nA,many\n");
        assertThatThrownBy(() -> loading.end(id))
                .isInstanceOf(StepFailed.class)
                .hasMessageContaining(
                        "Version 1 of the transformation of “reach” cannot be used on this file:")
                .hasMessageContaining("many");
        fail(id);
        assertThat(inUse().samples()).extracting(Delivery::deliveryId).contains(id);

        inForce("SELECT campaign, TRY_CAST(cost AS BIGINT) AS cost FROM input");
        TestInstallation.step(
                loading.lake,
                "{'step':'claim','event':{'redrive':'%s'},'execution':'again'}".formatted(id));
        loading.end(id);
        assertThat(rows(delivery(id), "campaign, cost")).containsExactly(Arrays.asList("A", null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    SELEC campaign FROM input|Line 1: syntax error
                    DROP TABLE input|This is not a SELECT.
                    SELECT 1; SELECT 2|These are several statements.
                    SELECT 1 AS one|The SQL does not read the table input
                    DESCRIBE input|DESCRIBE, SHOW and SUMMARIZE make no rows
                    SELECT * FROM input, read_csv('/etc/passwd')|The function read_csv may not be used as a table.
                    SELECT * FROM input, '/etc/passwd'|There is no dataset “/etc/passwd”
                    SELECT * FROM input, main.delivery|is named with its schema
                    SELECT * FROM input, delivery|There is no dataset “delivery”
                    SELECT * FROM input, reach|“reach” is the dataset itself
                    SELECT *, random() AS r FROM input|The function random gives something else each time.
                    SELECT *, current_date AS d FROM input|The function current_date gives something else
                    SELECT *, now() AS d FROM input|The function now gives something else each time.
                    SELECT brand FROM input|Line 1: Binder Error: Referenced column "brand" not found in FROM clause!
                    SELECT campaign, 'x' AS tenant FROM input|The column “tenant” is added to all rows
                    SELECT campaign AS "a b", cost AS "a-b" FROM input|Two columns are named “a_b”.
                    SELECT MAP {'a': 1} AS m FROM input|which a dataset cannot hold
                    SELECT error('no') AS e FROM input|no
                    """)
    void sqlThatMayNotRunIsRefusedWithItsReason(String sql, String reason) {
        load("campaign,cost\nA,1\n");
        Failure failure = refusal(loading.lake, new PutTransformation(DATASET, sql, 0));
        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(failure.field()).isEqualTo("sql");
        assertThat(failure.message()).contains(reason);
        assertThat(failure.nextStep()).isNotBlank();
    }

    private Delivery load(String csv) {
        return load("bucket-one", DATASET, csv);
    }

    private Delivery load(String bucket, String workflow, String csv) {
        return loading.load(bucket, workflow, csv);
    }

    private Delivery delivery(String id) {
        return ask(loading.lake, new GetDelivery(id));
    }

    private void fail(String id) {
        TestInstallation.step(
                loading.lake,
                """
                {'step':'record-failure','deliveryId':'%s','error':{'Error':'x','Cause':'y'}}
                """
                        .formatted(id));
    }

    private TransformationInUse inUse() {
        return ask(loading.lake, new GetTransformation(DATASET));
    }

    private Transformation put(String sql) {
        long seen = inUse().transformation().version();
        return ask(loading.lake, new PutTransformation(DATASET, sql, seen));
    }

    private Transformation switchTo(int number) {
        long seen = inUse().transformation().version();
        return ask(loading.lake, new SwitchTransformation(DATASET, number, seen));
    }

    private void inForce(String sql) {
        switchTo(put(sql).versions().getLast().number());
    }

    /** What is published of a delivery. */
    private List<List<@Nullable String>> rows(Delivery delivery, String columns) {
        String key =
                installation.s3.objects.keySet().stream()
                        .filter(
                                k ->
                                        k.startsWith(
                                                        "lake/post-stage/%s/"
                                                                .formatted(delivery.dataset()))
                                                && k.endsWith(
                                                        "/%s.parquet"
                                                                .formatted(delivery.deliveryId())))
                        .max(String::compareTo)
                        .orElseThrow();
        try {
            Path file = Files.createTempFile("rows", ".parquet");
            Files.write(file, Objects.requireNonNull(installation.s3.objects.get(key)));
            try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                    Statement statement = duck.createStatement();
                    ResultSet rows =
                            statement.executeQuery(
                                    "SELECT %s FROM '%s'".formatted(columns, file))) {
                List<List<@Nullable String>> all = new ArrayList<>();
                while (rows.next()) {
                    List<@Nullable String> row = new ArrayList<>();
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        row.add(rows.getString(i));
                    }
                    all.add(row);
                }
                return all;
            } finally {
                Files.delete(file);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
