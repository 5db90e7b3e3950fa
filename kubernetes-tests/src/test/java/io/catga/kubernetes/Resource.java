package io.catga.kubernetes;

import java.util.List;
import java.util.Map;

/** One object of the API. */
record Resource(Map<String, Object> content) {

    Tree at(String... keys) {
        return new Tree(content).at(keys);
    }

    String kind() {
        return at("kind").text();
    }

    String name() {
        return at("metadata", "name").text();
    }

    Map<String, Tree> labels() {
        return at("metadata", "labels").map();
    }

    /** How complaints name it. */
    String title() {
        return kind() + " " + name();
    }

    boolean is(String kind, String name) {
        return kind().equals(kind) && name().equals(name);
    }

    boolean isWorkload() {
        return kind().equals("Deployment") || kind().equals("StatefulSet");
    }

    boolean isApplication() {
        return isWorkload()
                && podLabels()
                        .getOrDefault("app.kubernetes.io/component", new Tree(null))
                        .is("application");
    }

    Tree pod() {
        return at("spec", "template", "spec");
    }

    Map<String, Tree> podLabels() {
        return at("spec", "template", "metadata", "labels").map();
    }

    /** The only container of a workload here. */
    Tree container() {
        List<Tree> containers = pod().at("containers").list();
        return containers.isEmpty() ? new Tree(null) : containers.getFirst();
    }

    /** The container's port of that name or number, or -1. */
    int containerPort(String nameOrNumber) {
        return container().at("ports").list().stream()
                .filter(port -> port.at("name").text().equals(nameOrNumber)
                        || port.at("containerPort").text().equals(nameOrNumber))
                .mapToInt(port -> port.at("containerPort").number(-1))
                .findFirst()
                .orElse(-1);
    }
}
