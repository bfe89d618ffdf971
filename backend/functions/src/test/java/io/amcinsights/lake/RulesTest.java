package io.amcinsights.lake;

import static io.amcinsights.TestInstallation.ask;
import static io.amcinsights.TestInstallation.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.amcinsights.TestInstallation;
import io.amcinsights.contract.DatasetRules;
import io.amcinsights.contract.DatasetSettings;
import io.amcinsights.contract.DatasetSettings.FilteredRows;
import io.amcinsights.contract.Delivery;
import io.amcinsights.contract.ErrorCode;
import io.amcinsights.contract.Failure;
import io.amcinsights.contract.LakeRequest.GetDatasetRules;
import io.amcinsights.contract.LakeRequest.PutDatasetRules;
import io.amcinsights.contract.LakeRequest.PutDatasetSettings;
import io.amcinsights.contract.LakeRequest.ReconcileDeliveries;
import io.amcinsights.contract.Notice;
import io.amcinsights.contract.NoticeSettings;
import io.amcinsights.contract.NoticeSettings.Choice;
import io.amcinsights.contract.Quality;
import io.amcinsights.contract.Quality.Check;
import io.amcinsights.contract.Quality.Example;
import io.amcinsights.contract.Rule;
import io.amcinsights.contract.TenantRequest.PauseTenant;
import io.amcinsights.contract.WorkflowRequest.PutNoticeSettings;
import io.amcinsights.tenants.TenantsHandler;
import io.amcinsights.workflows.WorkflowsHandler;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

class RulesTest {

    private static final String TENANT = "amcr1aaaa1a";
    private static final String BUCKET = "bucket-one";
    private static final String WORKFLOW = "reach.v1";
    private static final String DATASET = "reach_v1";

    private final Loading loading = new Loading();
    private final TestInstallation installation = loading.installation;

    @BeforeEach
    void tenant() {
        loading.tenant(TENANT, BUCKET);
    }

    @AfterEach
    void close() {
        installation.close();
    }

    @Test
    void everyRowThatBreaksARuleIsCountedAndTheFirstAreNamed() {
        load("day,campaign,users,cost,code\n2026-10-01,A,1,1.5,x\n");
        Rule named = new Rule.NotNull("campaign");
        Rule unique = new Rule.Unique(List.of("day", "campaign"));
        Rule paid = new Rule.Range("cost", "0.5", "1.25");
        Rule seen = new Rule.Range("users", "0.5", null);
        Rule october = new Rule.Range("day", "2026-10-01", "2026-10-31");
        put(named, unique, paid, seen, october, new Rule.Freshness(24));

        Delivery delivery =
                load(
                        """
                        day,campaign,users,cost,code
                        2026-10-01,A,1,1.25,x
                        2026-10-01,B,0,1.2500,x
                        2026-10-01,A,2,1.26,x
                        2026-10-02,,3,,x
                        2026-10-02,,4,0.4999,x
                        2026-11-01,B,,0.5,x
                        2026-10-31,A,5,-7,x
                        2026-10-01,A,6,1,x
                        2026-10-01,B,7,1,x
                        """);

        assertThat(delivery.status()).isEqualTo(Delivery.Status.LOADED);
        assertThat(delivery.rows()).isEqualTo(9);
        assertThat(quality(delivery).checks())
                .containsExactly(
                        new Check(
                                named, 2, List.of(new Example(4, "NULL"), new Example(5, "NULL"))),
                        new Check(
                                unique,
                                3,
                                List.of(
                                        new Example(8, "2026-10-01, A"),
                                        new Example(9, "2026-10-01, B"))),
                        new Check(
                                paid,
                                3,
                                List.of(
                                        new Example(3, "1.2600"),
                                        new Example(5, "0.4999"),
                                        new Example(7, "-7.0000"))),
                        new Check(seen, 1, List.of(new Example(2, "0"))),
                        new Check(october, 1, List.of(new Example(6, "2026-11-01"))));
        Quality.Total total = Objects.requireNonNull(loading.dataset(DATASET).quality());
        assertThat(total.of(paid))
                .contains(new Quality.RuleTotal(paid, 1, 1, 3, delivery.seenAt()));
        assertThat(total.of(new Rule.Freshness(24))).isEmpty();
    }

    @Test
    void aBreachIsToldOnceForEachRule() {
        load("campaign,users\nA,1\n");
        put(new Rule.NotNull("campaign"), new Rule.Range("users", "1", null));
        Delivery broken = load("campaign,users\n,0\n,2\n");
        load("campaign,users\nB,2\n");

        assertThat(installation.ports.sent)
                .extracting(Notice::kind, Notice::subjectId, Notice::subject, Notice::good)
                .containsExactly(
                        tuple(
                                Notice.Kind.DELIVERY,
                                broken.deliveryId(),
                                "A delivery of reach.v1 breaks a rule: campaign is not NULL",
                                false),
                        tuple(
                                Notice.Kind.DELIVERY,
                                broken.deliveryId(),
                                "A delivery of reach.v1 breaks a rule: users is at least 1",
                                false));
        assertThat(installation.ports.sent.getLast().text())
                .startsWith(
                        "The dataset reach_v1 expects that users is at least 1. 1 of the 2 rows"
                                + " that were loaded breaks this, such as row 1 of the file: 0.\n");
    }

    @Test
    void whoWantsNoNoticesGetsNone() {
        load("campaign\nA\n");
        put(new Rule.NotNull("campaign"), new Rule.Freshness(1));
        ask(
                new WorkflowsHandler(installation.functions()),
                new PutNoticeSettings(
                        new NoticeSettings(TENANT, Choice.ALL, Map.of(WORKFLOW, Choice.NONE), 0)));
        load("campaign\n\"\"\n");
        load("campaign,users\n,1\n");
        installation.clock.forward(Duration.ofDays(2));
        ask(loading.lake, new ReconcileDeliveries());
        assertThat(installation.ports.sent).isEmpty();
    }

    @Test
    void aColumnThatADeliveryLacksIsNullInAllItsRows() {
        load("campaign,users\nA,1\n");
        Rule named = new Rule.NotNull("campaign");
        Rule unique = new Rule.Unique(List.of("campaign"));
        Rule counted = new Rule.Range("users", "1", "1");
        put(named, unique, counted);
        Delivery delivery = load("other\nx\ny\n");
        assertThat(quality(delivery).checks())
                .containsExactly(
                        new Check(
                                named, 2, List.of(new Example(1, "NULL"), new Example(2, "NULL"))),
                        new Check(unique, 0, List.of()),
                        new Check(counted, 0, List.of()));
    }

    @Test
    void onlyTheRowsThatAreLoadedAreHeldToTheRules() {
        load("campaign,users,filtered\nA,1,\n");
        Rule counted = new Rule.NotNull("users");
        put(counted);
        assertThat(quality(load("campaign,users,filtered\nA,,true\nB,2,\n")).breaches())
                .containsExactly(new Check(counted, 1, List.of(new Example(1, "NULL"))));
        ask(
                loading.lake,
                new PutDatasetSettings(
                        new DatasetSettings(DATASET, FilteredRows.DROP, "filtered", null, 0)));
        Delivery delivery = load("campaign,users,filtered\nA,,true\nB,,\n");
        assertThat(quality(delivery).breaches())
                .containsExactly(new Check(counted, 1, List.of(new Example(2, "NULL"))));
    }

    /** The rule was made for another type than the column has by now. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "users:5 | users:1.5,-0.5,0.5 | 2:-0.5000",
                "users:5 | users:x,7,-1,99999999999999999999999999999999999999999999 | 1:x;3:-1",
                "users:5 | users:1e300,-1e300 | 2:-1e+300",
            })
    void aRangeHoldsForTheTypeThatItsColumnHasByNow(String first, String later, String broken) {
        load(csv(first));
        Rule counted = new Rule.Range("users", "0.25", null);
        put(counted);
        Delivery delivery = load(csv(later));
        assertThat(quality(delivery).checks().getFirst().examples())
                .containsExactlyElementsOf(
                        Stream.of(broken.strip().split(";"))
                                .map(e -> e.split(":", 2))
                                .map(e -> new Example(Long.parseLong(e[0]), e[1]))
                                .toList());
    }

    private static String csv(String columnAndValues) {
        String[] parts = columnAndValues.strip().split(":", 2);
        return parts[0] + "\n" + parts[1].replace(",", "\n") + "\n";
    }

    @Test
    void dataThatHasGrownTooOldIsToldOnceUntilNewerHasCome() {
        loading.tenant("amcr2bbbb2b", "bucket-two");
        load("campaign\nA\n");
        loading.load("bucket-two", WORKFLOW, "campaign\nB\n");
        Instant delivered = TestInstallation.START;
        put(new Rule.Freshness(48));
        assertThat(ask(loading.lake, new GetDatasetRules(DATASET)).newest())
                .isEqualTo(Map.of(TENANT, delivered, "amcr2bbbb2b", delivered));

        installation.clock.forward(Duration.ofHours(47));
        ask(loading.lake, new ReconcileDeliveries());
        assertThat(installation.ports.sent).isEmpty();

        installation.clock.forward(Duration.ofHours(2));
        loading.load("bucket-two", WORKFLOW, "campaign\nC\n");
        for (int hour = 0; hour < 3; hour++) {
            ask(loading.lake, new ReconcileDeliveries());
            installation.clock.forward(Duration.ofHours(1));
        }
        assertThat(installation.ports.sent)
                .singleElement()
                .satisfies(
                        notice -> {
                            assertThat(notice.kind()).isEqualTo(Notice.Kind.DATASET);
                            assertThat(notice.subjectId()).isEqualTo(DATASET);
                            assertThat(notice.tenantId()).isEqualTo(TENANT);
                            assertThat(notice.text())
                                    .contains("no older than 2 days")
                                    .contains("23 November 2026 10:15 UTC");
                        });

        load("campaign\nD\n");
        ask(loading.lake, new ReconcileDeliveries());
        assertThat(installation.ports.sent).hasSize(1);

        ask(new TenantsHandler(installation.functions()), new PauseTenant("amcr2bbbb2b"));
        installation.clock.forward(Duration.ofDays(3));
        ask(loading.lake, new ReconcileDeliveries());
        assertThat(installation.ports.sent).extracting(Notice::tenantId).containsOnly(TENANT);
        assertThat(installation.ports.sent).hasSize(2);
    }

    @Test
    void theAgeCountsFromThePeriodThatWasRead() {
        loading.executions(
                TENANT,
                """
                {"workflowExecutionId":"e-1","workflowId":"reach.v1","status":"SUCCEEDED",
                 "createTime":"2026-11-23T10:00:00Z","timeWindowStart":"2026-10-01T00:00:00Z",
                 "timeWindowEnd":"2026-11-01T00:00:00Z","parameterValues":{},"outputColumns":[{"name":"campaign","dataType":"STRING"}]}\
                """);
        load("campaign\nA\n");
        assertThat(ask(loading.lake, new GetDatasetRules(DATASET)).newest())
                .containsEntry(TENANT, Instant.parse("2026-11-01T00:00:00Z"));
    }

    @Test
    void rulesThatCannotHoldAreRefusedAtTheirPlace() {
        load("day,campaign,users,cost,seen,empty\n2026-10-01,A,1,1.5,true,\n");
        assertThat(refused(new Rule.NotNull("nothing"))).contains("no column “nothing”");
        assertThat(refused(new Rule.NotNull("tenant"))).contains("no column “tenant”");
        assertThat(refused(new Rule.Unique(List.of()))).contains("at least one column");
        assertThat(refused(new Rule.Unique(List.of("day", "day")))).contains("named twice");
        assertThat(refused(new Rule.Unique(List.of("day", "hour")))).contains("“hour”");
        assertThat(refused(new Rule.Range("users", null, null))).contains("or both");
        assertThat(refused(new Rule.Range("users", "2", "1"))).contains("greater than");
        assertThat(refused(new Rule.Range("users", "many", null))).contains("holds numbers");
        assertThat(refused(new Rule.Range("users", "1e9", null))).contains("holds numbers");
        assertThat(refused(new Rule.Range("day", "1", null))).contains("holds dates");
        assertThat(refused(new Rule.Range("day", "2026-02-30", null))).contains("holds dates");
        assertThat(refused(new Rule.Range("day", "2026-03-01", "2026-02-01"))).contains("greater");
        assertThat(refused(new Rule.Range("campaign", "1", null))).contains("holds text");
        assertThat(refused(new Rule.Range("seen", "1", null))).contains("true and false");
        assertThat(refused(new Rule.Range("empty", "1", null))).contains("no value yet");
        assertThat(refused(new Rule.Freshness(0))).contains("1 hour");
        assertThat(
                        refusal(
                                        loading.lake,
                                        new PutDatasetRules(
                                                new DatasetRules(
                                                        DATASET,
                                                        List.of(
                                                                new Rule.NotNull("day"),
                                                                new Rule.NotNull("day")),
                                                        0)))
                                .field())
                .isEqualTo("rules[1]");
        put(new Rule.NotNull("day"));
        assertThat(refusal(loading.lake, put(0, new Rule.NotNull("users"))).code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(ask(loading.lake, new GetDatasetRules(DATASET)).rules())
                .isEqualTo(new DatasetRules(DATASET, List.of(new Rule.NotNull("day")), 1));
    }

    private String refused(Rule rule) {
        Failure refused = refusal(loading.lake, put(0, rule));
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(refused.field()).isEqualTo("rules[0]");
        return refused.message();
    }

    private void put(Rule... rules) {
        ask(loading.lake, put(0, rules));
    }

    private static PutDatasetRules put(long version, Rule... rules) {
        return new PutDatasetRules(new DatasetRules(DATASET, List.of(rules), version));
    }

    private Delivery load(String csv) {
        return loading.load(BUCKET, WORKFLOW, csv);
    }

    private static Quality quality(Delivery delivery) {
        return Objects.requireNonNull(delivery.quality());
    }
}
