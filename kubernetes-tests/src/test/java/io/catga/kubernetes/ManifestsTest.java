package io.catga.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is applied, in each of its forms. */
class ManifestsTest {

    private static final List<String> FILES =
            List.of("namespace.yml", "nats-cluster.yml", "redis-cluster.yml", "catga-apps.yml");

    /** Where kustomize builds a folder of that name. */
    private static final List<List<String>> BUILDERS =
            List.of(List.of("kustomize", "build"), List.of("kubectl", "kustomize"));

    @TempDir
    Path folder;

    /** Each overlay by itself, and with every component. */
    static Stream<List<String>> combinations() {
        List<String> components = List.of("ingress", "service-monitor", "keda");
        return Stream.of("kubernetes", "kustomize/overlays/dev", "kustomize/overlays/prod")
                .flatMap(overlay -> Stream.concat(
                        Stream.of(List.of(overlay)),
                        Stream.concat(
                                components.stream().map(one -> List.of(overlay, one)),
                                Stream.of(Stream.concat(Stream.of(overlay), components.stream())
                                        .toList()))));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void breaksNoRule(List<String> combination) throws IOException {
        assertThat(Rules.complaints(Kustomization.render(folderOf(combination))))
                .isEmpty();
    }

    @Test
    void theFourFilesAreTheBase() {
        List<Map<String, Object>> applied = FILES.stream()
                .flatMap(file -> StrictYaml.documents(Project.path("kubernetes/" + file)).stream())
                .toList();
        assertThat(Kustomization.documents(Project.path("kubernetes"))).isEqualTo(applied);
    }

    @Test
    void theFilesCanBeAppliedInTheirOrder() {
        assertThat(StrictYaml.documents(Project.path("kubernetes/namespace.yml"))
                        .getFirst())
                .containsEntry("kind", "Namespace");
    }

    /** Where kustomize is installed; without it there is nothing to compare with. */
    @TestFactory
    Stream<DynamicTest> isWhatKustomizeMakesOfIt() {
        return BUILDERS.stream()
                .filter(builder -> isInstalled(builder.getFirst()))
                .flatMap(builder -> combinations()
                        .map(combination -> dynamicTest(
                                builder.getFirst() + " " + combination,
                                () -> compare(builder, folderOf(combination)))));
    }

    private static void compare(List<String> builder, Path folder) throws IOException, InterruptedException {
        Path output = Files.createTempFile("kustomize", ".yml");
        try {
            Process process = new ProcessBuilder(Stream.concat(builder.stream(), Stream.of(folder.toString()))
                            .toList())
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertThat(process.waitFor()).isZero();
            assertThat(sorted(StrictYaml.documents(output))).isEqualTo(sorted(Kustomization.documents(folder)));
        } finally {
            Files.delete(output);
        }
    }

    private static List<Map<String, Object>> sorted(List<Map<String, Object>> documents) {
        return documents.stream()
                .sorted(Comparator.comparing(document -> new Resource(document).title()))
                .toList();
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** A folder for one overlay and components, as docs/kubernetes.md describes it. */
    private Path folderOf(List<String> combination) throws IOException {
        if (combination.size() == 1) {
            return Project.path(combination.getFirst());
        }
        Path own = Files.createDirectories(
                        folder.resolve(String.join("-", combination).replace('/', '-')))
                .toRealPath();
        StringBuilder file =
                new StringBuilder("resources:\n- " + relative(own, combination.getFirst()) + "\ncomponents:\n");
        combination.stream()
                .skip(1)
                .forEach(one -> file.append("- ")
                        .append(relative(own, "kustomize/components/" + one))
                        .append('\n'));
        Files.writeString(own.resolve("kustomization.yml"), file);
        return own;
    }

    private static Path relative(Path from, String to) {
        return from.relativize(Project.path(to));
    }
}
