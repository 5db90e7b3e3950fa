package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is delivered: what the applications are made of, and the images that the cluster is started from. */
class SupplyChainTest {

    private static final String OURS = "io.catga";

    /** Each lets an application be passed on; of several for one component, the first that is here is chosen. */
    private static final Set<String> LICENCES = Set.of(
            "Apache-2.0",
            "MIT",
            "MIT-0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "EPL-2.0",
            "Public Domain",
            "Bouncy Castle Licence");

    private static final Pattern IMAGE =
            Pattern.compile("(?m)(?:image: \\$\\{[A-Z_]+:-|^ARG [A-Z]+_IMAGE=)([^\\s}]+)}?$");
    private static final Pattern PINNED = Pattern.compile("[a-z0-9./_-]+:v?\\d+[\\w.-]*");

    private static List<JsonNode> components(String application) throws IOException {
        JsonNode bom = JsonMapper.builder()
                .build()
                .readTree(Files.readString(
                        Shell.root(application + "/target/classes/META-INF/sbom/application.cdx.json")));
        return StreamSupport.stream(bom.path("components").spliterator(), false).toList();
    }

    private static String coordinates(JsonNode component) {
        return component.path("group").asString() + ":"
                + component.path("name").asString() + ":"
                + component.path("version").asString();
    }

    private static Stream<String> licences(JsonNode component) {
        return StreamSupport.stream(component.path("licenses").spliterator(), false)
                .map(entry -> entry.path("license"))
                .map(licence -> licence.path("id").asString(licence.path("name").asString("")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"order-api", "order-service", "notification-service"})
    void anApplicationSaysWhatItIsMadeOf(String application) throws IOException {
        List<JsonNode> all = components(application);

        assertThat(all)
                .extracting(component -> component.path("name").asString())
                .contains("catga-core", "catga-nats", "catga-redis", "spring-boot", "tomcat-embed-core", "jnats")
                .doesNotContain("junit-jupiter", "assertj-core");
        assertThat(all)
                .filteredOn(component -> !component.path("group").asString().equals(OURS))
                .hasSizeGreaterThan(80)
                .allSatisfy(component -> {
                    assertThat(licences(component)).as(coordinates(component)).anyMatch(LICENCES::contains);
                    assertThat(component.path("hashes").size())
                            .as(coordinates(component))
                            .isPositive();
                });
    }

    @Test
    void everyImageIsOfAVersionThatWasChosen() throws IOException {
        List<String> images = new ArrayList<>();
        for (String file : List.of(
                "docker-compose.infra.yml",
                "docker-compose.apps.yml",
                "docker-compose.multi-dc.yml",
                "docker/Dockerfile")) {
            IMAGE.matcher(Files.readString(Shell.root(file))).results().forEach(found -> images.add(found.group(1)));
        }

        assertThat(images)
                .hasSizeGreaterThan(10)
                .allSatisfy(image -> assertThat(image).matches(PINNED));
    }
}
