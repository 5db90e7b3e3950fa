package io.catga.kubernetes;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Rules about who finds whom by which name. */
final class ServiceRules {

    /** Whose clients know every node. */
    private static final Set<String> CLUSTERS = Set.of("nats", "redis", "sentinel");

    private ServiceRules() {}

    static Stream<String> workloadsSelectTheirPods(Manifests all) {
        return all.workloads()
                .filter(workload -> !workload.podLabels()
                                .entrySet()
                                .containsAll(selector(workload).map().entrySet())
                        || selector(workload).map().isEmpty())
                .map(workload ->
                        workload.title() + " selects " + selector(workload).text());
    }

    private static Tree selector(Resource workload) {
        return workload.at("spec", "selector", "matchLabels");
    }

    static Stream<String> servicesHavePods(Manifests all) {
        return all.ofKind("Service")
                .filter(service -> pods(all, service).isEmpty())
                .map(service -> service.title() + " has no pods");
    }

    private static List<Resource> pods(Manifests all, Resource service) {
        return all.chosenBy(service.at("spec", "selector").map()).toList();
    }

    static Stream<String> servicesLeadToPorts(Manifests all) {
        return all.ofKind("Service")
                .flatMap(service -> service.at("spec", "ports").list().stream()
                        .filter(port -> pods(all, service).stream()
                                .anyMatch(pod ->
                                        pod.containerPort(port.at("targetPort").text()) < 0))
                        .map(port -> service.title() + " leads to a port that is not there: "
                                + port.at("targetPort").text()));
    }

    static Stream<String> statefulSetsHaveAService(Manifests all) {
        return all.ofKind("StatefulSet")
                .filter(set -> all.find("Service", set.at("spec", "serviceName").text())
                        .filter(service -> service.at("spec", "clusterIP").is("None"))
                        // the pods find each other before they are ready
                        .filter(service ->
                                service.at("spec", "publishNotReadyAddresses").is(true))
                        .filter(service -> pods(all, service).equals(List.of(set)))
                        .isEmpty())
                .map(set -> set.title() + " has no headless Service "
                        + set.at("spec", "serviceName").text());
    }

    static Stream<String> podsHaveServices(Manifests all) {
        return all.ofKind("StatefulSet")
                .filter(set -> CLUSTERS.contains(set.name()))
                .flatMap(set -> Manifests.podNames(set).stream())
                .filter(pod -> all.find("Service", pod)
                        .filter(service -> service.at("spec", "selector", "statefulset.kubernetes.io/pod-name")
                                .is(pod))
                        .filter(service ->
                                service.at("spec", "publishNotReadyAddresses").is(true))
                        .isEmpty())
                .map(pod -> "no Service leads to " + pod);
    }

    static Stream<String> ingressLeadsToServices(Manifests all) {
        return all.ofKind("Ingress")
                .flatMap(ingress -> ingress.at("spec", "rules").list().stream()
                        .flatMap(rule -> rule.at("http", "paths").list().stream())
                        .filter(path -> !leadsToAService(all, path.at("backend", "service")) || opensActuator(path))
                        .map(path -> ingress.title() + ": " + path.at("path").text()));
    }

    private static boolean leadsToAService(Manifests all, Tree backend) {
        Optional<Resource> service = all.find("Service", backend.at("name").text());
        return service.isPresent()
                && service.get().at("spec", "ports").list().stream()
                        .anyMatch(port -> port.at("name").equals(backend.at("port", "name")));
    }

    private static boolean opensActuator(Tree path) {
        return path.at("pathType").is("Prefix")
                && "/actuator/".startsWith(path.at("path").text().replaceFirst("/*$", "/"));
    }
}
