package io.catga.kubernetes;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Rules about who may talk to whom. */
final class NetworkRules {

    private NetworkRules() {}

    static Stream<String> denyIsTheDefault(Manifests all) {
        Stream<String> deny = all.ofKind("NetworkPolicy")
                        .anyMatch(policy -> policy.at("spec", "podSelector").is(Map.of())
                                && policy.at("spec", "policyTypes").texts().containsAll(Set.of("Ingress", "Egress"))
                                && policy.at("spec", "ingress").list().isEmpty()
                                && policy.at("spec", "egress").list().isEmpty())
                ? Stream.of()
                : Stream.of("everything is allowed");
        Stream<String> names = all.ofKind("NetworkPolicy")
                        .filter(policy -> policy.at("spec", "podSelector").is(Map.of()))
                        .flatMap(policy -> policy.at("spec", "egress").list().stream())
                        .flatMap(rule -> rule.at("ports").list().stream())
                        .map(port ->
                                port.at("protocol").text() + port.at("port").text())
                        .toList()
                        .containsAll(Set.of("UDP53", "TCP53"))
                ? Stream.of()
                : Stream.of("no names can be looked up");
        return Stream.concat(deny, names);
    }

    static Stream<String> policiesNameWhatExists(Manifests all) {
        return all.ofKind("NetworkPolicy").flatMap(policy -> {
            Tree own = policy.at("spec", "podSelector");
            Stream<String> pods = Stream.concat(Stream.of(own), peers(policy).map(peer -> peer.at("podSelector")))
                    .filter(Tree::exists)
                    .filter(selector -> all.chosenBy(selector).findAny().isEmpty())
                    .map(selector -> policy.title() + " names pods that are not there: " + selector.value());
            Stream<String> in = policy.at("spec", "ingress").list().stream()
                    .flatMap(rule -> rule.at("ports").list().stream())
                    .filter(port -> all.chosenBy(own)
                            .anyMatch(workload ->
                                    workload.containerPort(port.at("port").text()) < 0))
                    .map(port -> policy.title() + " names a port that is not there: " + port.value());
            Stream<String> out = policy.at("spec", "egress").list().stream()
                    .filter(rule -> rule.at("to").list().stream()
                            .anyMatch(to -> to.at("podSelector").exists()))
                    .filter(rule -> rule.at("ports").list().stream()
                            .anyMatch(port -> rule.at("to").list().stream()
                                    .flatMap(to -> all.chosenBy(to.at("podSelector")))
                                    .anyMatch(workload -> workload.containerPort(
                                                    port.at("port").text())
                                            < 0)))
                    .map(rule -> policy.title() + " names a port that is not there: " + rule.value());
            return Stream.of(pods, in, out).flatMap(found -> found);
        });
    }

    private static Stream<Tree> peers(Resource policy) {
        return Stream.concat(
                policy.at("spec", "ingress").list().stream().flatMap(rule -> rule.at("from").list().stream()),
                policy.at("spec", "egress").list().stream().flatMap(rule -> rule.at("to").list().stream()));
    }

    /** Among the pods here, and on both sides of each; the optional components let further namespaces in. */
    static Stream<String> flowsAreExact(Manifests all) {
        Set<String> needed = needed(all);
        return Stream.of(new Side("egress", "to"), new Side("ingress", "from")).flatMap(side -> {
            Set<String> allowed = allowed(all, side);
            Stream<String> missing = needed.stream()
                    .filter(flow -> !allowed.contains(flow))
                    .map(flow -> flow + " is needed, and no " + side.direction());
            Stream<String> idle = allowed.stream()
                    .filter(flow -> !needed.contains(flow))
                    .map(flow -> flow + " is not needed, but an " + side.direction());
            return Stream.concat(missing, idle);
        });
    }

    /** Who goes out, or who comes in. */
    private record Side(String direction, String peers) {

        boolean isEgress() {
            return direction.equals("egress");
        }
    }

    private static Set<String> needed(Manifests all) {
        Set<String> flows = new TreeSet<>(Set.of(
                "nats -> nats routes",
                "redis -> redis redis",
                "redis -> sentinel sentinel",
                "sentinel -> redis redis",
                "sentinel -> sentinel sentinel"));
        all.applications().map(Resource::name).forEach(application -> {
            flows.add(application + " -> nats client");
            flows.add(application + " -> redis redis");
            flows.add(application + " -> sentinel sentinel");
            // the console asks every instance how it is
            flows.add("order-api -> " + application + " http");
        });
        return flows;
    }

    private static Set<String> allowed(Manifests all, Side side) {
        Set<String> flows = new TreeSet<>();
        all.workloads()
                .forEach(from -> all.workloads()
                        .forEach(to -> to.container().at("ports").list().stream()
                                .map(port -> port.at("name").text())
                                .filter(port -> lets(all, from, to, port, side))
                                .forEach(port -> flows.add(from.name() + " -> " + to.name() + " " + port))));
        return flows;
    }

    private static boolean lets(Manifests all, Resource from, Resource to, String port, Side side) {
        Resource own = side.isEgress() ? from : to;
        Resource other = side.isEgress() ? to : from;
        return all.ofKind("NetworkPolicy")
                .filter(policy -> all.chosenBy(policy.at("spec", "podSelector")).anyMatch(own::equals))
                .flatMap(policy -> policy.at("spec", side.direction()).list().stream())
                .filter(rule -> rule.at("ports").list().stream()
                        .anyMatch(one -> to.containerPort(one.at("port").text()) == to.containerPort(port)))
                .flatMap(rule -> rule.at(side.peers()).list().stream())
                .filter(peer -> !peer.at("namespaceSelector").exists())
                .anyMatch(peer -> all.chosenBy(peer.at("podSelector")).anyMatch(other::equals));
    }
}
