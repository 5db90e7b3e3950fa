package io.catga;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.catga.pipeline.Behavior;

@AnalyzeClasses(packages = "io.catga", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule theCoreKnowsNeitherSpringNorBrokerNorDatabase = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "io.nats..", "io.lettuce..");

    @ArchTest
    static final ArchRule thePortsDoNotKnowTheMediator = noClasses()
            .that()
            .resideInAnyPackage("io.catga.transport", "io.catga.store", "io.catga.codec", "io.catga.pipeline")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.catga\\.(DefaultMediator|MediatorBuilder|WireFormat)");

    /** Their options and {@link io.catga.pipeline.Behaviors} are what others see, so that the classes can change. */
    @ArchTest
    static final ArchRule theBehaviorsThemselvesAreNotPublic =
            classes().that().implement(Behavior.class).should().notBePublic();

    @ArchTest
    static final ArchRule timeIsAnArgument = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(java.time.Instant.class, "now");

    @ArchTest
    static final ArchRule namesSayTheRole = classes()
            .should()
            .haveSimpleNameNotEndingWith("Impl")
            .andShould()
            .haveSimpleNameNotEndingWith("Helper")
            .andShould()
            .haveSimpleNameNotEndingWith("Util")
            .andShould()
            .haveSimpleNameNotEndingWith("Manager");
}
