package io.catga.kubernetes;

import io.kubernetes.client.custom.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules about what runs in a pod, and as what. */
final class PodRules {

    private static final Pattern COMPOSE_IMAGE = Pattern.compile("(?:NATS|REDIS)_IMAGE:-([^}]+)}");
    private static final Pattern CONFIGURATION_FILE = Pattern.compile("/catga/([a-z.-]+)");
    /** The most that the JVM may have beside its heap: it was seen at 360 MB with a heap of 192. */
    private static final BigDecimal SEEN = new BigDecimal("360000000");

    private PodRules() {}

    static Stream<String> configurationExists(Manifests all) {
        return all.workloads().flatMap(workload -> {
            Stream<Tree> mounted = workload.pod().at("volumes").list().stream()
                    .map(volume -> volume.at("configMap"))
                    .filter(Tree::exists);
            Stream<Tree> whole = workload.container().at("envFrom").list().stream()
                    .map(from -> from.at("configMapRef"))
                    .filter(Tree::exists);
            Stream<Tree> single = workload.container().at("env").list().stream()
                    .map(variable -> variable.at("valueFrom", "configMapKeyRef"))
                    .filter(Tree::exists);
            return Stream.of(mounted, whole, single)
                    .flatMap(references -> references)
                    .filter(reference -> !configurationExists(all, reference))
                    .map(reference -> workload.title() + " refers to " + reference.value());
        });
    }

    private static boolean configurationExists(Manifests all, Tree reference) {
        return all.find("ConfigMap", reference.at("name").text())
                .filter(map -> !reference.at("key").exists()
                        || map.at("data", reference.at("key").text()).exists())
                .isPresent();
    }

    /** In what is started, probed and called before a stop, and in the scripts themselves. */
    static Stream<String> configurationFilesExist(Manifests all) {
        return all.workloads()
                .flatMap(workload -> workload.pod().at("volumes").list().stream()
                        .map(volume -> volume.at("configMap", "name").text())
                        .flatMap(name -> all.find("ConfigMap", name).stream())
                        .flatMap(map -> Stream.concat(
                                        workload.container().allTexts(),
                                        map.at("data").allTexts())
                                .flatMap(
                                        text -> CONFIGURATION_FILE.matcher(text).results())
                                .map(found -> found.group(1))
                                .distinct()
                                .filter(file -> !map.at("data", file).exists())
                                .map(file -> workload.title() + " has no " + file)));
    }

    static Stream<String> volumesAndMountsAgree(Manifests all) {
        return all.workloads()
                .filter(workload -> !volumes(workload).equals(mounts(workload)))
                .map(workload -> "%s has the volumes %s and mounts %s"
                        .formatted(workload.title(), volumes(workload), mounts(workload)));
    }

    private static Set<String> volumes(Resource workload) {
        Set<String> names = new TreeSet<>();
        workload.pod()
                .at("volumes")
                .list()
                .forEach(volume -> names.add(volume.at("name").text()));
        workload.at("spec", "volumeClaimTemplates")
                .list()
                .forEach(claim -> names.add(claim.at("metadata", "name").text()));
        return names;
    }

    private static Set<String> mounts(Resource workload) {
        Set<String> names = new TreeSet<>();
        workload.container()
                .at("volumeMounts")
                .list()
                .forEach(mount -> names.add(mount.at("name").text()));
        return names;
    }

    /** The restricted profile, and what goes beyond it: no token, no variables of Services, nothing to write but volumes. */
    static Stream<String> podsAreRestricted(Manifests all) {
        return all.workloads().flatMap(workload -> {
            Tree pod = workload.pod();
            Tree security = workload.container().at("securityContext");
            List<String> wrong = new ArrayList<>();
            requireThat(wrong, pod.at("automountServiceAccountToken").is(false), "has a token");
            requireThat(wrong, pod.at("enableServiceLinks").is(false), "has variables of Services");
            requireThat(wrong, pod.at("securityContext", "runAsNonRoot").is(true), "may be root");
            requireThat(wrong, pod.at("securityContext", "runAsUser").number(0) > 0, "has no user");
            requireThat(
                    wrong,
                    pod.at("securityContext", "seccompProfile", "type").is("RuntimeDefault"),
                    "has no seccomp profile");
            requireThat(
                    wrong,
                    Stream.of("hostNetwork", "hostPID", "hostIPC")
                            .noneMatch(key -> pod.at(key).exists()),
                    "is in a namespace of the host");
            requireThat(
                    wrong,
                    pod.at("volumes").list().stream()
                            .noneMatch(volume -> volume.at("hostPath").exists()),
                    "has a path of the host");
            requireThat(wrong, security.at("allowPrivilegeEscalation").is(false), "may gain privileges");
            requireThat(wrong, security.at("readOnlyRootFilesystem").is(true), "may write");
            requireThat(wrong, security.at("capabilities", "drop").texts().equals(List.of("ALL")), "has capabilities");
            requireThat(wrong, !security.at("capabilities", "add").exists(), "gets capabilities");
            requireThat(wrong, !security.at("privileged").is(true), "is privileged");
            requireThat(wrong, pod.at("containers").list().size() == 1, "has other containers, which nobody checks");
            requireThat(wrong, !pod.at("initContainers").exists(), "has init containers, which nobody checks");
            return wrong.stream().map(complaint -> workload.title() + " " + complaint);
        });
    }

    private static void requireThat(List<String> wrong, boolean fine, String complaint) {
        if (!fine) {
            wrong.add(complaint);
        }
    }

    static Stream<String> imagesArePinned(Manifests all) {
        Matcher matcher = COMPOSE_IMAGE.matcher(Project.read("docker-compose.infra.yml"));
        Set<String> compose = new TreeSet<>();
        matcher.results().forEach(found -> compose.add(found.group(1)));
        return all.workloads()
                .filter(workload -> {
                    String image = workload.container().at("image").text();
                    return workload.isApplication()
                            ? !image.matches(".*" + workload.name() + ":\\d+\\.\\d+\\.\\d+")
                            : !compose.contains(image);
                })
                .map(workload -> workload.title() + " runs "
                        + workload.container().at("image").text());
    }

    static Stream<String> resourcesAreSet(Manifests all) {
        return all.workloads().flatMap(workload -> {
            Tree resources = workload.container().at("resources");
            BigDecimal cpu = quantity(resources.at("requests", "cpu"));
            BigDecimal memory = quantity(resources.at("requests", "memory"));
            BigDecimal limit = quantity(resources.at("limits", "memory"));
            List<String> wrong = new ArrayList<>();
            requireThat(wrong, cpu.signum() > 0 && memory.signum() > 0 && limit.signum() > 0, "has none");
            requireThat(wrong, memory.compareTo(limit) <= 0, "reserves more than it may have");
            requireThat(wrong, !resources.at("limits", "cpu").exists(), "is slowed down");
            requireThat(wrong, !workload.isApplication() || limit.compareTo(SEEN) > 0, "may have less than was seen");
            return wrong.stream().map(complaint -> workload.title() + " " + complaint);
        });
    }

    static BigDecimal quantity(Tree tree) {
        return tree.exists() ? Quantity.fromString(tree.text()).getNumber() : BigDecimal.ZERO;
    }

    /** The variables of the only container, those of its configuration included. */
    static Set<String> variables(Manifests all, Resource workload) {
        Set<String> names = new TreeSet<>();
        workload.container()
                .at("env")
                .list()
                .forEach(variable -> names.add(variable.at("name").text()));
        workload.container().at("envFrom").list().stream()
                .map(from -> from.at("configMapRef", "name").text())
                .flatMap(name -> all.find("ConfigMap", name).stream())
                .map(map -> map.at("data").map())
                .map(Map::keySet)
                .forEach(names::addAll);
        return names;
    }
}
