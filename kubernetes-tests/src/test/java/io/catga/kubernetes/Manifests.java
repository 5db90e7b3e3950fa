package io.catga.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All objects that are applied together. */
record Manifests(List<Resource> resources) {

    static Manifests of(List<Map<String, Object>> documents) {
        return new Manifests(documents.stream().map(Resource::new).toList());
    }

    Stream<Resource> ofKind(String kind) {
        return resources.stream().filter(resource -> resource.kind().equals(kind));
    }

    Optional<Resource> find(String kind, String name) {
        return resources.stream().filter(resource -> resource.is(kind, name)).findFirst();
    }

    Stream<Resource> workloads() {
        return resources.stream().filter(Resource::isWorkload);
    }

    Stream<Resource> applications() {
        return resources.stream().filter(Resource::isApplication);
    }

    /** The workloads whose pods a map of labels chooses; {@code pod-name} chooses one of a StatefulSet's. */
    Stream<Resource> chosenBy(Map<String, Tree> labels) {
        return workloads()
                .filter(workload -> labels.entrySet().stream()
                        .allMatch(label -> label.getKey().equals("statefulset.kubernetes.io/pod-name")
                                ? podNames(workload).contains(label.getValue().text())
                                : label.getValue().equals(workload.podLabels().get(label.getKey()))));
    }

    /** The workloads whose pods a label selector chooses; an empty one chooses all. */
    Stream<Resource> chosenBy(Tree selector) {
        return chosenBy(selector.at("matchLabels").map())
                .filter(workload ->
                        selector.at("matchExpressions").list().stream().allMatch(one -> matches(workload, one)));
    }

    private static boolean matches(Resource workload, Tree expression) {
        if (!expression.at("operator").is("In")) {
            throw new IllegalArgumentException("only the operator In is known here, but this is " + expression);
        }
        Tree label = workload.podLabels().get(expression.at("key").text());
        return label != null && expression.at("values").texts().contains(label.text());
    }

    static List<String> podNames(Resource workload) {
        if (!workload.kind().equals("StatefulSet")) {
            return List.of();
        }
        return Stream.iterate(0, n -> n + 1)
                .limit(workload.at("spec", "replicas").number(1))
                .map(n -> workload.name() + "-" + n)
                .toList();
    }
}
