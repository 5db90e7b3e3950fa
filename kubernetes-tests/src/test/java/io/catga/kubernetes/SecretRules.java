package io.catga.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules about passwords: where they come from, who has which, and what their users may do. */
final class SecretRules {

    private static final String FOLDER = "/run/secrets";
    /** Read by the owner, which is root, and by the group of the pod. */
    private static final int OWNER_AND_GROUP = 0440;

    private static final Pattern VARIABLE = Pattern.compile("PASS(WORD|WD)?$|TOKEN|SECRET|_AUTH$|CREDENTIAL");
    private static final Pattern IN_AN_ADDRESS = Pattern.compile("://[^/\\s]*@");

    /** What is the same on Kubernetes, word for word: the ConfigMap, and the folder. */
    private static final Map<String, List<String>> SHARED = Map.of(
            "nats", List.of("users.conf", "start-nats.sh"),
            "redis", List.of("access.sh", "cli.sh", "redis-healthy.sh"));

    /** A file of a password. */
    private record Mounted(String path, String secret, String key) {}

    private SecretRules() {}

    static Stream<String> noSecretIsInTheFiles(Manifests all) {
        return all.ofKind("Secret").map(secret -> secret.title() + " is there to be read by everybody");
    }

    static Stream<String> secretsAreMade(Manifests all) {
        return all.workloads()
                .flatMap(workload -> mounted(workload)
                        .filter(file -> !isMade(file))
                        .map(file -> "%s: make-secrets.sh makes no %s with a key %s"
                                .formatted(workload.title(), file.secret(), file.key())));
    }

    private static boolean isMade(Mounted file) {
        return MadeSecrets.once().has(file.secret(), file.key());
    }

    /** A Secret without a list of keys is all of it, which is more than anybody has asked for. */
    private static Stream<Mounted> mounted(Resource workload) {
        return secretVolumes(workload)
                .flatMap(volume -> Stream.concat(
                        Stream.of(volume.at("secret")),
                        volume.at("projected", "sources").list().stream().map(source -> source.at("secret"))))
                .filter(Tree::exists)
                .flatMap(secret -> {
                    String name =
                            secret.at("name").text() + secret.at("secretName").text();
                    return secret.at("items").exists()
                            ? secret.at("items").list().stream()
                                    .map(item -> new Mounted(
                                            item.at("path").text(),
                                            name,
                                            item.at("key").text()))
                            : Stream.of(new Mounted("*", name, "*"));
                });
    }

    private static Stream<Tree> secretVolumes(Resource workload) {
        return workload.pod().at("volumes").list().stream()
                .filter(volume -> volume.at("secret").exists()
                        || volume.at("projected", "sources").list().stream()
                                .anyMatch(source -> source.at("secret").exists()));
    }

    /** Variables are told to every process, and by whoever describes a pod. */
    static Stream<String> passwordsAreFiles(Manifests all) {
        return all.workloads().flatMap(workload -> {
            Stream<String> named = PodRules.variables(all, workload).stream()
                    .filter(variable -> VARIABLE.matcher(variable).find());
            Stream<String> referred = Stream.concat(
                            workload.container().at("env").list().stream()
                                    .map(variable -> variable.at("valueFrom", "secretKeyRef")),
                            workload.container().at("envFrom").list().stream().map(from -> from.at("secretRef")))
                    .filter(Tree::exists)
                    .map(reference -> String.valueOf(reference.value()));
            Stream<String> addressed = Stream.concat(
                            workload.container().allTexts(),
                            workload.container().at("envFrom").list().stream()
                                    .flatMap(from ->
                                            all
                                                    .find(
                                                            "ConfigMap",
                                                            from.at("configMapRef", "name")
                                                                    .text())
                                                    .stream())
                                    .flatMap(map -> map.at("data").allTexts()))
                    .filter(text -> IN_AN_ADDRESS.matcher(text).find());
            return Stream.of(named, referred, addressed)
                    .flatMap(found -> found)
                    .map(found -> workload.title() + " has a password in " + found);
        });
    }

    /** Those that are not made, another rule tells of. */
    static Stream<String> podsHaveThePasswordsOfCompose(Manifests all) {
        return all.workloads()
                .filter(workload -> mounted(workload).allMatch(SecretRules::isMade))
                .flatMap(workload -> {
                    Map<String, String> files = new TreeMap<>();
                    mounted(workload).forEach(file -> files.put(file.path(), file.secret()));
                    Map<String, String> expected = inCompose(workload);
                    return files.equals(expected)
                            ? Stream.of()
                            : Stream.of("%s has %s, not %s".formatted(workload.title(), files, expected));
                });
    }

    /** The files of a container, and whose password is in each. */
    private static Map<String, String> inCompose(Resource workload) {
        String file = workload.isApplication() ? "docker-compose.apps.yml" : "docker-compose.infra.yml";
        Map<String, Tree> services =
                new Tree(StrictYaml.parse(Project.read(file))).at("services").map();
        Tree service =
                services.getOrDefault(workload.name(), services.getOrDefault(workload.name() + "-1", new Tree(null)));
        Map<String, String> files = new TreeMap<>();
        service.at("secrets").list().forEach(secret -> {
            String source = secret.at("source").exists() ? secret.at("source").text() : secret.text();
            files.put(secret.at("target").exists() ? secret.at("target").text() : source, source);
        });
        // nothing is encrypted here
        files.keySet().removeIf(name -> name.matches(".*\\.(pem|key)"));
        if (workload.name().equals("sentinel")) {
            // it replicates nothing, but has all that a Redis has there
            files.remove("redis-replica");
        }
        return files;
    }

    /** By the group that the pod has, where the scripts and Spring look; and what is made of them is on no disk. */
    static Stream<String> onlyThePodReadsItsPasswords(Manifests all) {
        return all.workloads().flatMap(workload -> {
            Tree security = workload.pod().at("securityContext");
            List<String> wrong = new ArrayList<>();
            if (!security.at("fsGroup").exists() || !security.at("fsGroup").equals(security.at("runAsGroup"))) {
                wrong.add("gets files of another group than its own");
            }
            secretVolumes(workload).forEach(volume -> {
                Tree how = volume.at("secret").exists() ? volume.at("secret") : volume.at("projected");
                if (how.at("defaultMode").number(0) != OWNER_AND_GROUP) {
                    wrong.add("has files that others read, or it cannot: "
                            + volume.at("name").text());
                }
                boolean found = workload.container().at("volumeMounts").list().stream()
                        .anyMatch(mount -> mount.at("name").equals(volume.at("name"))
                                && mount.at("mountPath").is(FOLDER)
                                && mount.at("readOnly").is(true));
                if (!found) {
                    wrong.add("has not, read-only in " + FOLDER + ": "
                            + volume.at("name").text());
                }
            });
            workload.pod().at("volumes").list().stream()
                    .filter(volume -> !workload.isApplication()
                            && volume.at("emptyDir").exists()
                            && !volume.at("emptyDir", "medium").is("Memory"))
                    .forEach(volume -> wrong.add(
                            "writes passwords to a disk: " + volume.at("name").text()));
            return wrong.stream().map(complaint -> workload.title() + " " + complaint);
        });
    }

    static Stream<String> applicationsAreTheirUsers(Manifests all) {
        return all.applications()
                .filter(application -> application.container().at("env").list().stream()
                        .noneMatch(variable -> variable.at("name").is("CATGA_USER")
                                && variable.at("value").is(application.name())))
                .map(application -> application.title() + " is another user, or none");
    }

    static Stream<String> rightsAreThoseOfCompose(Manifests all) {
        return SHARED.entrySet().stream().flatMap(shared -> {
            String map = shared.getKey() + "-config";
            return shared.getValue().stream()
                    .filter(file -> all.find("ConfigMap", map).stream()
                            .noneMatch(one ->
                                    one.at("data", file).is(Project.read("docker/" + shared.getKey() + "/" + file))))
                    .map(file -> "%s in %s is not docker/%s/%s".formatted(file, map, shared.getKey(), file));
        });
    }
}
