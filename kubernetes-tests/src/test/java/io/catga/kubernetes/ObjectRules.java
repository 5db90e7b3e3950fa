package io.catga.kubernetes;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Rules about objects as such. */
final class ObjectRules {

    private static final String NAMESPACE = "catga";

    private ObjectRules() {}

    static Stream<String> namesAreUnique(Manifests all) {
        Set<String> seen = new HashSet<>();
        return all.resources().stream()
                .map(Resource::title)
                .filter(title -> !seen.add(title))
                .map(title -> title + " is there twice");
    }

    static Stream<String> everythingIsInTheNamespace(Manifests all) {
        Stream<String> missing =
                all.find("Namespace", NAMESPACE).isPresent() ? Stream.of() : Stream.of("no namespace " + NAMESPACE);
        Stream<String> outside = all.resources().stream()
                .filter(resource -> !resource.kind().equals("Namespace"))
                .filter(resource -> !resource.at("metadata", "namespace").is(NAMESPACE))
                .map(resource -> resource.title() + " is not in " + NAMESPACE);
        return Stream.concat(missing, outside);
    }

    static Stream<String> namespaceIsRestricted(Manifests all) {
        return all.ofKind("Namespace")
                .filter(namespace -> !namespace
                        .at("metadata", "labels", "pod-security.kubernetes.io/enforce")
                        .is("restricted"))
                .map(namespace -> namespace.title() + " does not enforce it");
    }
}
