package io.catga.kubernetes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What a folder with a {@code kustomization.yml} comes to. It knows only what the folders here use, and refuses the rest:
 * resources, components, images, and patches that are lists of operations or delete an object. So the checks need no tool
 * that is not there; {@link ManifestsTest} compares it with kustomize where that is installed.
 */
final class Kustomization {

    private static final Set<String> KNOWN =
            Set.of("apiVersion", "kind", "resources", "components", "images", "patches");

    private Kustomization() {}

    static Manifests render(Path folder) {
        return Manifests.of(documents(folder));
    }

    static List<Map<String, Object>> documents(Path folder) {
        List<Map<String, Object>> documents = new ArrayList<>();
        addTo(documents, folder);
        return documents;
    }

    /** Adds what a folder has, and changes what is there already: a component does both. */
    private static void addTo(List<Map<String, Object>> documents, Path folder) {
        Tree file = new Tree(
                StrictYaml.documents(folder.resolve("kustomization.yml")).getFirst());
        if (!KNOWN.containsAll(file.map().keySet())) {
            throw new IllegalArgumentException(folder + " has something else than " + KNOWN);
        }
        for (String resource : file.at("resources").texts()) {
            Path path = folder.resolve(resource);
            if (Files.isDirectory(path)) {
                addTo(documents, path);
            } else {
                documents.addAll(StrictYaml.documents(path));
            }
        }
        file.at("components").texts().forEach(component -> addTo(documents, folder.resolve(component)));
        file.at("patches").list().forEach(patch -> patch(documents, patch));
        file.at("images").list().forEach(image -> chooseImage(documents, image));
    }

    private static void patch(List<Map<String, Object>> documents, Tree patch) {
        Tree target = patch.at("target");
        List<Map<String, Object>> meant = documents.stream()
                .filter(document -> isMeant(target, new Resource(document)))
                .toList();
        if (meant.isEmpty()) {
            throw new IllegalArgumentException("nothing is " + target);
        }
        Tree change = new Tree(StrictYaml.parse(patch.at("patch").text()));
        if (change.at("$patch").is("delete")) {
            documents.removeAll(meant);
        } else if (change.value() instanceof List<?>) {
            // parsed for each: two objects must not share a part
            meant.forEach(document ->
                    JsonPatch.apply(new Tree(StrictYaml.parse(patch.at("patch").text())), document));
        } else {
            throw new IllegalArgumentException("a patch must be a list of operations, but this is " + patch);
        }
    }

    private static boolean isMeant(Tree target, Resource resource) {
        return resource.kind().equals(target.at("kind").text())
                && (!target.at("name").exists()
                        || Pattern.matches(target.at("name").text(), resource.name()));
    }

    private static void chooseImage(List<Map<String, Object>> documents, Tree image) {
        String name = image.at("name").text();
        UnaryOperator<String> choice = old -> {
            String newName = image.at("newName").exists() ? image.at("newName").text() : name;
            String newTag =
                    image.at("newTag").exists() ? image.at("newTag").text() : old.substring(old.lastIndexOf(':') + 1);
            return newName + ":" + newTag;
        };
        for (Map<String, Object> document : documents) {
            for (Tree container : new Resource(document).pod().at("containers").list()) {
                String old = container.at("image").text();
                if (old.startsWith(name + ":") && container.value() != null) {
                    StrictYaml.map(container.value()).put("image", choice.apply(old));
                }
            }
        }
    }
}
