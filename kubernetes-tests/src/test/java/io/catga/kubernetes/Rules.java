package io.catga.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** All rules, by what they say. */
final class Rules {

    /** Gives a complaint for each place where something is not so. */
    @FunctionalInterface
    interface Rule extends Function<Manifests, Stream<String>> {}

    static final Map<String, Rule> ALL = all();

    private Rules() {}

    private static Map<String, Rule> all() {
        Map<String, Rule> rules = new LinkedHashMap<>();
        rules.put("objects are as the API describes them", Schemas::complaints);
        rules.put("no two objects have the same name", ObjectRules::namesAreUnique);
        rules.put("everything is in the namespace", ObjectRules::everythingIsInTheNamespace);
        rules.put("the namespace enforces the restricted profile", ObjectRules::namespaceIsRestricted);
        rules.put("no Secret is in the files", SecretRules::noSecretIsInTheFiles);
        rules.put("Secrets that are referred to are made", SecretRules::secretsAreMade);
        rules.put("passwords are files, and no variables", SecretRules::passwordsAreFiles);
        rules.put("a pod has the passwords of the compose files", SecretRules::podsHaveThePasswordsOfCompose);
        rules.put("only a pod reads its passwords", SecretRules::onlyThePodReadsItsPasswords);
        rules.put("an application is the user of its name", SecretRules::applicationsAreTheirUsers);
        rules.put("users may do what they may in the compose files", SecretRules::rightsAreThoseOfCompose);
        rules.put("a workload selects its own pods", ServiceRules::workloadsSelectTheirPods);
        rules.put("a Service has pods", ServiceRules::servicesHavePods);
        rules.put("a Service leads to a port of its pods", ServiceRules::servicesLeadToPorts);
        rules.put("a StatefulSet has its headless Service", ServiceRules::statefulSetsHaveAService);
        rules.put("each pod of NATS and Redis has its own Service", ServiceRules::podsHaveServices);
        rules.put("an Ingress leads to Services, and not to /actuator", ServiceRules::ingressLeadsToServices);
        rules.put("configuration that is referred to exists", PodRules::configurationExists);
        rules.put("files of the configuration that are named exist", PodRules::configurationFilesExist);
        rules.put("volumes and mounts agree", PodRules::volumesAndMountsAgree);
        rules.put("pods and containers are restricted", PodRules::podsAreRestricted);
        rules.put("images are pinned, to those of the compose files", PodRules::imagesArePinned);
        rules.put("resources are as measured", PodRules::resourcesAreSet);
        rules.put("every container has three probes", ProbeRules::probesAreComplete);
        rules.put("applications are probed where they answer", ProbeRules::applicationsAnswerProbes);
        rules.put("liveness does not depend on others", ProbeRules::livenessIsAboutThePodAlone);
        rules.put("there is time to stop", StopRules::thereIsTimeToStop);
        rules.put("an update takes no instance away before there is a new one", StopRules::updatesAddFirst);
        rules.put("a drained node takes one instance at a time", AvailabilityRules::disruptionsAreLimited);
        rules.put("pods are spread", AvailabilityRules::podsAreSpread);
        rules.put("an autoscaler has a target to itself", AvailabilityRules::autoscalersHaveTargets);
        rules.put("nothing is allowed that no policy names", NetworkRules::denyIsTheDefault);
        rules.put("network policies name pods and ports that exist", NetworkRules::policiesNameWhatExists);
        rules.put("the network lets through what is needed, and no more", NetworkRules::flowsAreExact);
        rules.put("NATS knows all its nodes", SettingsRules::natsKnowsItsNodes);
        rules.put("JetStream fits its volume", SettingsRules::jetStreamFitsItsVolume);
        rules.put("NATS and Redis are set as in the compose files", SettingsRules::sameAsCompose);
        rules.put("applications are told all nodes", SettingsRules::applicationsKnowAllNodes);
        rules.put("applications read the variables that they are given", SettingsRules::variablesAreRead);
        rules.put("an instance has the name of its pod", SettingsRules::instancesHaveNames);
        return rules;
    }

    /** What is wrong, by the rules that say so. */
    static Map<String, List<String>> complaints(Manifests all) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        ALL.forEach((name, rule) -> {
            List<String> complaints = new ArrayList<>(rule.apply(all).toList());
            if (!complaints.isEmpty()) {
                found.put(name, complaints);
            }
        });
        return found;
    }
}
