package io.catga.spring;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** This module sees all others of the library, so it is here that their layers are held. */
@AnalyzeClasses(packages = "io.catga", importOptions = DoNotIncludeTests.class)
class LayersTest {

    @ArchTest
    static final ArchRule dependenciesPointFromTheStarterOverTheAdaptersToTheCore = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("Core")
            .definedBy(
                    "io.catga", "io.catga.codec..", "io.catga.pipeline..", "io.catga.store..", "io.catga.transport..")
            .layer("NATS")
            .definedBy("io.catga.nats..")
            .layer("Redis")
            .definedBy("io.catga.redis..")
            .layer("Starter")
            .definedBy("io.catga.spring..")
            .whereLayer("Starter")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("NATS")
            .mayOnlyBeAccessedByLayers("Starter")
            .whereLayer("Redis")
            .mayOnlyBeAccessedByLayers("Starter");

    @ArchTest
    static final ArchRule onlyTheStarterKnowsSpring = ArchRuleDefinition.noClasses()
            .that()
            .resideOutsideOfPackage("io.catga.spring..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework..");

    @ArchTest
    static final ArchRule theClientsOfNatsAndRedisStayInTheirAdapters = ArchRuleDefinition.noClasses()
            .that()
            .resideOutsideOfPackages("io.catga.nats..", "io.catga.redis..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.nats..", "io.lettuce..");
}
