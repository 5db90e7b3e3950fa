package io.catga.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KustomizationTest {

    @TempDir
    Path folder;

    @BeforeEach
    void writeTheBase() throws IOException {
        write("base/all.yml", """
                kind: Deployment
                metadata: { name: a, labels: { part: x } }
                spec: { template: { spec: { containers: [{ name: a, image: "catga/a:1" }] } } }
                ---
                kind: Service
                metadata: { name: a }
                spec: { ports: [1, 2] }
                """);
        write("base/kustomization.yml", "resources: [all.yml]");
    }

    @Test
    void addsReplacesAndRemoves() throws IOException {
        patch("Service", """
                - { op: add, path: /spec/ports/0, value: 0 }
                - { op: add, path: /spec/ports/-, value: 3 }
                - { op: replace, path: /spec/ports/1, value: 9 }
                - { op: remove, path: /spec/ports/2 }
                - { op: add, path: /metadata/x~1y, value: z }
                """);
        Resource service = rendered("Service");
        assertThat(service.at("spec", "ports").texts()).containsExactly("0", "9", "3");
        assertThat(service.at("metadata", "x/y").text()).isEqualTo("z");
    }

    @Test
    void deletes() throws IOException {
        patch("Service", "$patch: delete");
        assertThat(Kustomization.render(folder.resolve("overlay")).resources())
                .extracting(Resource::kind)
                .containsExactly("Deployment");
    }

    @Test
    void choosesImages() throws IOException {
        write("overlay/kustomization.yml", """
                resources: [../base]
                images: [{ name: catga/a, newName: registry/a, newTag: "2" }]
                """);
        assertThat(rendered("Deployment").container().at("image").text()).isEqualTo("registry/a:2");
    }

    @Test
    void addsComponentsAfterTheResources() throws IOException {
        write("more/kustomization.yml", """
                resources: [more.yml]
                patches: [{ target: { kind: Service }, patch: "$patch: delete" }]
                """);
        write("more/more.yml", "kind: Ingress\nmetadata: { name: a }");
        write("overlay/kustomization.yml", "resources: [../base]\ncomponents: [../more]");
        assertThat(Kustomization.render(folder.resolve("overlay")).resources())
                .extracting(Resource::kind)
                .containsExactly("Deployment", "Ingress");
    }

    @Test
    void refusesAPatchForNothing() throws IOException {
        patch("StatefulSet", "$patch: delete");
        assertThatThrownBy(() -> rendered("Service")).hasMessageContaining("StatefulSet");
    }

    @Test
    void refusesToReplaceWhatIsNotThere() throws IOException {
        patch("Service", "- { op: replace, path: /spec/type, value: NodePort }");
        assertThatThrownBy(() -> rendered("Service")).hasMessage("there is nothing at /spec/type");
    }

    @Test
    void refusesWhatItDoesNotKnow() throws IOException {
        write("overlay/kustomization.yml", "resources: [../base]\nnamePrefix: x-");
        assertThatThrownBy(() -> rendered("Service")).hasMessageContaining("something else");
        patch("Service", "spec: { type: NodePort }");
        assertThatThrownBy(() -> rendered("Service")).hasMessageContaining("list of operations");
        patch("Service", "- { op: move, path: /spec/ports, from: /spec }");
        assertThatThrownBy(() -> rendered("Service")).hasMessageContaining("'move'");
    }

    private Resource rendered(String kind) {
        return Kustomization.render(folder.resolve("overlay"))
                .ofKind(kind)
                .findFirst()
                .orElseThrow();
    }

    private void patch(String kind, String patch) throws IOException {
        write(
                "overlay/kustomization.yml",
                "resources: [../base]\npatches:\n- target: { kind: " + kind + " }\n  patch: |-\n" + patch.indent(4));
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
