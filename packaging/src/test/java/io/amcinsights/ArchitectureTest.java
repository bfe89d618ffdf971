package io.amcinsights;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/** Who may depend on whom. */
@AnalyzeClasses(packages = "io.amcinsights", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    private static final String[] FUNCTIONS = {
        "io.amcinsights",
        "io.amcinsights.tenants..",
        "io.amcinsights.workflows..",
        "io.amcinsights.lake..",
        "io.amcinsights.amc..",
        "io.amcinsights.notices..",
        "io.amcinsights.aws..",
        "io.amcinsights.ports.."
    };

    @ArchTest
    static final ArchRule CONTRACT_KNOWS_NOBODY =
            classes()
                    .that()
                    .resideInAPackage("io.amcinsights.contract..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "io.amcinsights.contract..",
                            "java..",
                            "com.fasterxml.jackson..",
                            "com.cronutils..",
                            "org.jspecify..");

    @ArchTest
    static final ArchRule CONTRACT_AND_SQL_DO_NO_IO =
            noClasses()
                    .that()
                    .resideInAnyPackage("io.amcinsights.contract..", "io.amcinsights.sql..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "java.net..", "java.nio.file..", "java.sql..", "software.amazon..");

    /** It is carried out by Spark, too, which has libraries of its own. */
    @ArchTest
    static final ArchRule THE_LAKES_PLAN_KNOWS_NOBODY =
            classes()
                    .that()
                    .resideInAPackage("io.amcinsights.lake.plan..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "io.amcinsights.lake.plan..",
                            "java..",
                            "com.fasterxml.jackson.annotation..",
                            "com.fasterxml.jackson.core..",
                            "org.jspecify..");

    @ArchTest
    static final ArchRule THE_GLUE_JOB_KNOWS_THE_PLAN_ONLY =
            classes()
                    .that()
                    .resideInAPackage("io.amcinsights.glue..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "io.amcinsights.glue..",
                            "io.amcinsights.lake.plan..",
                            "io.amcinsights.lake.duck..",
                            "java..",
                            "org.duckdb..",
                            "scala..",
                            "org.apache.spark..",
                            "org.apache.hadoop..",
                            "com.fasterxml.jackson..",
                            "org.jspecify..");

    @ArchTest
    static final ArchRule SQL_KNOWS_NO_OTHER_MODULE =
            noClasses()
                    .that()
                    .resideInAPackage("io.amcinsights.sql..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.amcinsights.local..", "io.amcinsights.desktop..");

    @ArchTest
    static final ArchRule FUNCTIONS_KNOW_NEITHER_DESKTOP_NOR_WORKSPACE =
            noClasses()
                    .that()
                    .resideInAnyPackage(FUNCTIONS)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.amcinsights.desktop..",
                            "io.amcinsights.local..",
                            "io.amcinsights.sql..");

    /** Copies of a function begin with the same seed; how long to wait may be the same, too. */
    @ArchTest
    static final ArchRule WHAT_IS_UNIQUE_COMES_FROM_THE_SYSTEM =
            noClasses()
                    .that()
                    .resideInAnyPackage(FUNCTIONS)
                    .and()
                    .doNotHaveFullyQualifiedName("io.amcinsights.amc.Retrying")
                    .should()
                    .dependOnClassesThat(
                            DescribedPredicate.describe(
                                    "are random generators with a seed",
                                    type ->
                                            type.isEquivalentTo(Random.class)
                                                    || type.isEquivalentTo(ThreadLocalRandom.class)
                                                    || type.isEquivalentTo(
                                                            SplittableRandom.class)));

    @ArchTest
    static final ArchRule DESKTOP_SPEAKS_AWS_ONLY =
            noClasses()
                    .that()
                    .resideInAPackage("io.amcinsights.desktop..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.amcinsights.local..",
                            "io.amcinsights.glue..",
                            "io.amcinsights",
                            "io.amcinsights.tenants..",
                            "io.amcinsights.workflows..",
                            "io.amcinsights.lake..",
                            "io.amcinsights.amc..",
                            "io.amcinsights.notices..",
                            "io.amcinsights.aws..",
                            "io.amcinsights.ports..");

    @ArchTest
    static final ArchRule AWS_STAYS_BEHIND_THE_PORTS =
            noClasses()
                    .that()
                    .resideInAPackage("io.amcinsights.ports..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("software.amazon..");

    @ArchTest
    static final ArchRule VIEW_MODELS_KNOW_NO_SCENE =
            noClasses()
                    .that()
                    .haveSimpleNameEndingWith("ViewModel")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("javafx.scene..", "javafx.stage..", "javafx.fxml..");

    @ArchTest
    static final ArchRule NO_SWING_NO_AWT_EVENTS =
            noClasses()
                    .that()
                    .resideInAPackage("io.amcinsights..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("javax.swing..", "java.awt.event..");

    @ArchTest
    static final ArchRule FEATURES_OF_THE_DESKTOP_FORM_NO_CYCLES =
            slices().matching("io.amcinsights.desktop.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule PARTS_OF_THE_WORKSPACE_FORM_NO_CYCLES =
            slices().matching("io.amcinsights.local.(*)..").should().beFreeOfCycles();
}
