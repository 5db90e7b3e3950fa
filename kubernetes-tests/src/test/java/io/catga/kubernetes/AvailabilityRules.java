package io.catga.kubernetes;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules about how many there are, and where. */
final class AvailabilityRules {

    private AvailabilityRules() {}

    static Stream<String> disruptionsAreLimited(Manifests all) {
        Stream<String> without = all.workloads()
                .filter(workload -> all.ofKind("PodDisruptionBudget")
                                .filter(budget -> all.chosenBy(budget.at("spec", "selector"))
                                        .toList()
                                        .equals(List.of(workload)))
                                .count()
                        != 1)
                .map(workload -> workload.title() + " has no budget of its own");
        Stream<String> useless = all.ofKind("PodDisruptionBudget")
                .filter(budget -> all.chosenBy(budget.at("spec", "selector"))
                        .anyMatch(workload -> !letsOneGo(budget, leastReplicas(all, workload))))
                .map(budget -> budget.title() + " lets none go, or all");
        return Stream.concat(without, useless);
    }

    private static boolean letsOneGo(Resource budget, int replicas) {
        Tree least = budget.at("spec", "minAvailable");
        Tree most = budget.at("spec", "maxUnavailable");
        int allowed = least.exists() ? replicas - least.number(replicas) : most.number(0);
        return allowed >= 1 && (allowed < replicas || replicas == 1);
    }

    /** As many as there are when there is least to do. */
    static int leastReplicas(Manifests all, Resource workload) {
        return scalersOf(all, workload)
                .mapToInt(scaler -> scaler.at("spec", "minReplicas")
                        .number(scaler.at("spec", "minReplicaCount").number(1)))
                .findFirst()
                .orElse(workload.at("spec", "replicas").number(1));
    }

    private static Stream<Resource> scalersOf(Manifests all, Resource workload) {
        return Stream.concat(all.ofKind("HorizontalPodAutoscaler"), all.ofKind("ScaledObject"))
                .filter(scaler -> isTarget(scaler, workload));
    }

    private static boolean isTarget(Resource scaler, Resource workload) {
        Tree target = scaler.at("spec", "scaleTargetRef");
        return workload.is(target.at("kind").text(), target.at("name").text());
    }

    static Stream<String> podsAreSpread(Manifests all) {
        return all.workloads()
                .filter(workload -> !isSpread(workload))
                .map(workload -> workload.title() + " may be all on one node, or in one zone");
    }

    private static boolean isSpread(Resource workload) {
        Tree affinity = workload.pod().at("affinity", "podAntiAffinity");
        Stream<Tree> terms = Stream.concat(
                affinity.at("preferredDuringSchedulingIgnoredDuringExecution").list().stream()
                        .map(term -> term.at("podAffinityTerm")),
                affinity.at("requiredDuringSchedulingIgnoredDuringExecution").list().stream());
        return Stream.concat(terms, workload.pod().at("topologySpreadConstraints").list().stream())
                .filter(term -> workload.podLabels()
                        .entrySet()
                        .containsAll(
                                term.at("labelSelector", "matchLabels").map().entrySet()))
                .filter(term -> term.at("labelSelector", "matchLabels", "app.kubernetes.io/name")
                        .exists())
                .map(term -> term.at("topologyKey").text())
                .collect(Collectors.toSet())
                .containsAll(List.of("kubernetes.io/hostname", "topology.kubernetes.io/zone"));
    }

    static Stream<String> autoscalersHaveTargets(Manifests all) {
        Stream<String> without = Stream.concat(all.ofKind("HorizontalPodAutoscaler"), all.ofKind("ScaledObject"))
                .filter(scaler -> all.workloads().noneMatch(workload -> isTarget(scaler, workload)))
                .map(scaler -> scaler.title() + " has no target");
        Stream<String> wrong = all.ofKind("Deployment").flatMap(deployment -> {
            List<Resource> scalers = scalersOf(all, deployment).toList();
            if (scalers.size() != 1) {
                return Stream.of(deployment.title() + " has " + scalers.size() + " autoscalers");
            }
            Tree spec = scalers.getFirst().at("spec");
            int most = spec.at("maxReplicas").number(spec.at("maxReplicaCount").number(0));
            boolean fine = !deployment.at("spec", "replicas").exists() && leastReplicas(all, deployment) < most;
            return fine ? Stream.of() : Stream.of(deployment.title() + " has a number of its own, or no room to grow");
        });
        return Stream.concat(without, wrong);
    }
}
