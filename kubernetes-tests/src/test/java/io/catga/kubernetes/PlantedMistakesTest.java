package io.catga.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/**
 * Each rule sees its mistake, and no other rule complains of it: so a complaint says what is wrong, and a rule that no
 * longer looks at anything is found. One mistake or more for each rule, hence its length.
 */
class PlantedMistakesTest {

    private static final String CONTAINER = "/spec/template/spec/containers/0";

    /**
     * @param rule   who is to complain
     * @param object the kind and name of what is changed
     * @param change operations on it
     */
    record Mistake(String rule, String object, String change) {}

    /** A further object. */
    private static final String NEW = "new";

    private static Mistake mistake(String rule, String object, String op, String path, String value) {
        return new Mistake(rule, object, "[{ op: %s, path: \"%s\", value: %s }]".formatted(op, path, value));
    }

    private static Mistake removed(String rule, String object, String path) {
        return new Mistake(rule, object, "[{ op: remove, path: \"%s\" }]".formatted(path));
    }

    static Stream<Mistake> mistakes() {
        return Stream.of(objects(), secrets(), services(), pods(), probes(), stops(), numbers(), network(), settings())
                .flatMap(group -> group);
    }

    private static Stream<Mistake> objects() {
        String described = "objects are as the API describes them";
        return Stream.of(
                mistake(described, "Deployment order-api", "add", CONTAINER + "/livenessProbe/periodSecond", "5"),
                mistake(
                        described,
                        "Deployment order-api",
                        "replace",
                        CONTAINER + "/startupProbe/periodSeconds",
                        "often"),
                removed(described, "Deployment order-api", CONTAINER + "/name"),
                mistake(described, "Service orders", "replace", "/apiVersion", "v2"),
                mistake(
                        "no two objects have the same name",
                        NEW,
                        "add",
                        "/",
                        "{ apiVersion: v1, kind: ConfigMap, metadata: { name: nats-config, namespace: catga } }"),
                mistake(
                        "everything is in the namespace",
                        "Service orders",
                        "replace",
                        "/metadata/namespace",
                        "default"),
                mistake(
                        "the namespace enforces the restricted profile",
                        "Namespace catga",
                        "replace",
                        "/metadata/labels/pod-security.kubernetes.io~1enforce",
                        "baseline"));
    }

    private static Stream<Mistake> secrets() {
        String made = "Secrets that are referred to are made";
        String files = "passwords are files, and no variables";
        String needed = "a pod has the passwords of the compose files";
        String alone = "only a pod reads its passwords";
        String rights = "users may do what they may in the compose files";
        String volume = "/spec/template/spec/volumes/%d/projected";
        String applications = volume.formatted(1);
        String servers = volume.formatted(2);
        return Stream.of(
                mistake(
                        "no Secret is in the files",
                        NEW,
                        "add",
                        "/",
                        "{ apiVersion: v1, kind: Secret, metadata: { name: nats-operator, namespace: catga } }"),
                mistake(
                        made,
                        "Deployment order-api",
                        "replace",
                        applications + "/sources/0/secret/name",
                        "nats-orders"),
                mistake(
                        made,
                        "Deployment order-api",
                        "replace",
                        applications + "/sources/1/secret/items/1/key",
                        "sentinel-password"),
                removed(made, "StatefulSet nats", servers + "/sources/0/secret/items"),
                mistake(
                        files,
                        "Deployment order-api",
                        "add",
                        CONTAINER + "/env/-",
                        "{ name: CATGA_REDIS_PASSWORD, value: sesame }"),
                mistake(
                        files,
                        "Deployment order-api",
                        "add",
                        CONTAINER + "/env/-",
                        "{ name: CATGA_REDIS_NODE, value: \"redis://order-api:sesame@redis-0\" }"),
                mistake(
                        files,
                        "StatefulSet redis",
                        "add",
                        CONTAINER + "/env/-",
                        "{ name: MASTER, valueFrom: { secretKeyRef: { name: redis-replica, key: password } } }"),
                mistake(
                        files,
                        "Deployment order-api",
                        "add",
                        CONTAINER + "/envFrom/-",
                        "{ secretRef: { name: redis-order-api } }"),
                mistake(
                        needed,
                        "Deployment order-api",
                        "replace",
                        applications + "/sources/1/secret/name",
                        "redis-order-service"),
                mistake(
                        needed,
                        "Deployment order-api",
                        "replace",
                        applications + "/sources/1/secret/items/0/path",
                        "catga.redis.passwd"),
                removed(needed, "StatefulSet nats", servers + "/sources/4"),
                mistake(
                        needed,
                        "StatefulSet sentinel",
                        "add",
                        servers + "/sources/-",
                        "{ secret: { name: redis-replica, items: [{ key: password, path: redis-replica }] } }"),
                removed(alone, "Deployment order-api", "/spec/template/spec/securityContext/fsGroup"),
                mistake(alone, "StatefulSet redis", "replace", "/spec/template/spec/securityContext/fsGroup", "999"),
                mistake(alone, "StatefulSet redis", "replace", servers + "/defaultMode", "0444"),
                mistake(alone, "StatefulSet redis", "replace", servers + "/defaultMode", "0400"),
                mistake(
                        alone,
                        "Deployment order-api",
                        "replace",
                        CONTAINER + "/volumeMounts/1/mountPath",
                        "/etc/passwords"),
                removed(alone, "Deployment order-api", CONTAINER + "/volumeMounts/1/readOnly"),
                removed(alone, "StatefulSet nats", "/spec/template/spec/volumes/1/emptyDir/medium"),
                mistake(
                        "an application is the user of its name",
                        "Deployment order-api",
                        "replace",
                        CONTAINER + "/env/1/value",
                        "order-service"),
                text(rights, "nats-config", "users.conf", "\"catga.event.orders.*\",", "\"catga.event.>\","),
                text(rights, "nats-config", "start-nats.sh", "umask 077", "umask 022"),
                text(rights, "redis-config", "access.sh", "user replica +psync", "user replica +@all"),
                text(rights, "redis-config", "access.sh", "user default off", "user default on nopass"),
                text(rights, "redis-config", "cli.sh", "--user operator", "--user exporter"),
                text(rights, "redis-config", "redis-healthy.sh", "replicas >= 1", "replicas >= 0"));
    }

    private static Stream<Mistake> services() {
        return Stream.of(
                mistake(
                        "a workload selects its own pods",
                        "StatefulSet nats",
                        "add",
                        "/spec/selector/matchLabels/tier",
                        "queue"),
                mistake(
                        "a Service has pods",
                        "Service orders",
                        "replace",
                        "/spec/selector/app.kubernetes.io~1name",
                        "orders"),
                mistake(
                        "a Service leads to a port of its pods",
                        "Service orders",
                        "replace",
                        "/spec/ports/0/targetPort",
                        "web"),
                removed("a StatefulSet has its headless Service", "Service nats", "/spec/clusterIP"),
                removed("a StatefulSet has its headless Service", "Service redis", "/spec/publishNotReadyAddresses"),
                mistake(
                        "a StatefulSet has its headless Service",
                        "StatefulSet notification-service",
                        "replace",
                        "/spec/serviceName",
                        "notifications"),
                mistake(
                        "each pod of NATS and Redis has its own Service",
                        "Service redis-1",
                        "replace",
                        "/spec/selector/statefulset.kubernetes.io~1pod-name",
                        "redis-0"),
                removed(
                        "each pod of NATS and Redis has its own Service",
                        "Service sentinel-1",
                        "/spec/publishNotReadyAddresses"),
                mistake(
                        "an Ingress leads to Services, and not to /actuator",
                        "Ingress orders",
                        "replace",
                        "/spec/rules/0/http/paths/0/backend/service/port/name",
                        "web"),
                mistake(
                        "an Ingress leads to Services, and not to /actuator",
                        "Ingress orders",
                        "replace",
                        "/spec/rules/0/http/paths/3/pathType",
                        "Prefix"));
    }

    private static Stream<Mistake> pods() {
        String restricted = "pods and containers are restricted";
        String resources = "resources are as measured";
        String images = "images are pinned, to those of the compose files";
        return Stream.of(
                mistake(
                        "configuration that is referred to exists",
                        "StatefulSet nats",
                        "replace",
                        "/spec/template/spec/volumes/0/configMap/name",
                        "nats"),
                mistake(
                        "configuration that is referred to exists",
                        "StatefulSet redis",
                        "add",
                        CONTAINER + "/env/-",
                        "{ name: X, valueFrom: { configMapKeyRef: { name: redis-config, key: x } } }"),
                mistake(
                        "files of the configuration that are named exist",
                        "StatefulSet redis",
                        "replace",
                        CONTAINER + "/command/0",
                        "/catga/begin-redis.sh"),
                mistake(
                        "volumes and mounts agree",
                        "StatefulSet redis",
                        "replace",
                        CONTAINER + "/volumeMounts/1/name",
                        "disk"),
                mistake(
                        "volumes and mounts agree",
                        "Deployment order-api",
                        "add",
                        "/spec/template/spec/volumes/-",
                        "{ name: more, emptyDir: {} }"),
                removed(restricted, "Deployment order-api", "/spec/template/spec/automountServiceAccountToken"),
                removed(restricted, "Deployment order-api", "/spec/template/spec/enableServiceLinks"),
                removed(restricted, "StatefulSet nats", "/spec/template/spec/securityContext/runAsNonRoot"),
                removed(restricted, "StatefulSet nats", "/spec/template/spec/securityContext/runAsUser"),
                removed(restricted, "StatefulSet redis", "/spec/template/spec/securityContext/seccompProfile"),
                mistake(restricted, "StatefulSet redis", "add", "/spec/template/spec/hostNetwork", "true"),
                mistake(
                        restricted,
                        "StatefulSet redis",
                        "replace",
                        "/spec/template/spec/volumes/1",
                        "{ name: tmp, hostPath: { path: /tmp } }"),
                removed(restricted, "StatefulSet sentinel", CONTAINER + "/securityContext/allowPrivilegeEscalation"),
                removed(restricted, "StatefulSet sentinel", CONTAINER + "/securityContext/readOnlyRootFilesystem"),
                removed(restricted, "Deployment order-service", CONTAINER + "/securityContext/capabilities"),
                mistake(
                        restricted,
                        "Deployment order-service",
                        "add",
                        CONTAINER + "/securityContext/capabilities/add",
                        "[NET_ADMIN]"),
                mistake(
                        restricted,
                        "Deployment order-service",
                        "add",
                        CONTAINER + "/securityContext/privileged",
                        "true"),
                mistake(
                        restricted,
                        "Deployment order-service",
                        "add",
                        "/spec/template/spec/containers/-",
                        "{ name: more }"),
                mistake(
                        restricted,
                        "Deployment order-service",
                        "add",
                        "/spec/template/spec/initContainers",
                        "[{ name: more }]"),
                mistake(images, "StatefulSet nats", "replace", CONTAINER + "/image", "nats:2.14.0-alpine"),
                mistake(images, "Deployment order-api", "replace", CONTAINER + "/image", "catga/order-api:latest"),
                mistake(images, "Deployment order-api", "replace", CONTAINER + "/image", "catga/order-api"),
                removed(resources, "StatefulSet nats", CONTAINER + "/resources/requests/cpu"),
                removed(resources, "StatefulSet nats", CONTAINER + "/resources/limits"),
                mistake(resources, "StatefulSet redis", "replace", CONTAINER + "/resources/requests/memory", "2Gi"),
                mistake(resources, "Deployment order-api", "add", CONTAINER + "/resources/limits/cpu", "\"1\""),
                mistake(resources, "Deployment order-api", "replace", CONTAINER + "/resources/limits/memory", "300Mi"));
    }

    private static Stream<Mistake> probes() {
        String complete = "every container has three probes";
        String answer = "applications are probed where they answer";
        String alone = "liveness does not depend on others";
        return Stream.of(
                removed(complete, "StatefulSet sentinel", CONTAINER + "/startupProbe"),
                mistake(
                        complete,
                        "StatefulSet sentinel",
                        "add",
                        CONTAINER + "/readinessProbe/tcpSocket",
                        "{ port: 26379 }"),
                mistake(complete, "StatefulSet nats", "replace", CONTAINER + "/readinessProbe/httpGet/port", "http"),
                mistake(
                        complete,
                        "StatefulSet redis",
                        "replace",
                        CONTAINER + "/readinessProbe/exec/command/0",
                        "/catga/redis-alive.sh"),
                mistake(
                        answer,
                        "Deployment order-api",
                        "replace",
                        CONTAINER + "/startupProbe/httpGet/path",
                        "/actuator/health/startup"),
                mistake(answer, "Deployment order-api", "replace", CONTAINER + "/ports/0/containerPort", "8081"),
                mistake(
                        alone,
                        "Deployment order-api",
                        "replace",
                        CONTAINER + "/livenessProbe/httpGet",
                        "{ path: /actuator/health/readiness, port: 8080 }"),
                mistake(
                        alone,
                        "StatefulSet nats",
                        "replace",
                        CONTAINER + "/livenessProbe/httpGet",
                        "{ path: /healthz, port: 8222 }"),
                new Mistake(alone, "StatefulSet redis", """
                        - { op: replace, path: "%1$s/livenessProbe/exec/command/0", value: /catga/redis-healthy.sh }
                        - { op: add, path: "%1$s/livenessProbe/exec/command/-", value: again }
                        """.formatted(CONTAINER)),
                mistake(
                        alone,
                        "StatefulSet sentinel",
                        "replace",
                        CONTAINER + "/livenessProbe/exec/command/2",
                        "redis-cli -p 26379 SENTINEL CKQUORUM mymaster"));
    }

    private static Stream<Mistake> stops() {
        String time = "there is time to stop";
        String first = "an update takes no instance away before there is a new one";
        return Stream.of(
                mistake(
                        time,
                        "Deployment order-api",
                        "replace",
                        "/spec/template/spec/terminationGracePeriodSeconds",
                        "30"),
                removed(time, "Deployment order-service", CONTAINER + "/lifecycle"),
                mistake(time, "StatefulSet nats", "replace", "/spec/template/spec/terminationGracePeriodSeconds", "35"),
                removed(time, "StatefulSet nats", CONTAINER + "/lifecycle"),
                mistake(
                        time,
                        "StatefulSet redis",
                        "replace",
                        "/spec/template/spec/terminationGracePeriodSeconds",
                        "15"),
                removed(time, "StatefulSet redis", CONTAINER + "/lifecycle"),
                mistake(first, "Deployment order-api", "replace", "/spec/strategy/rollingUpdate/maxUnavailable", "1"),
                removed(first, "Deployment order-api", "/spec/strategy/rollingUpdate/maxSurge"),
                removed(first, "Deployment order-api", "/spec/minReadySeconds"));
    }

    private static Stream<Mistake> numbers() {
        String drained = "a drained node takes one instance at a time";
        String spread = "pods are spread";
        String scaler = "an autoscaler has a target to itself";
        return Stream.of(
                mistake(
                        drained,
                        "PodDisruptionBudget nats",
                        "replace",
                        "/spec",
                        "{ minAvailable: 3, selector: { matchLabels: { app.kubernetes.io/name: nats } } }"),
                mistake(drained, "PodDisruptionBudget order-api", "replace", "/spec/maxUnavailable", "3"),
                mistake(drained, "PodDisruptionBudget redis", "replace", "/spec/maxUnavailable", "0"),
                mistake(
                        drained,
                        "PodDisruptionBudget redis",
                        "replace",
                        "/spec/selector/matchLabels/app.kubernetes.io~1name",
                        "sentinel"),
                removed(spread, "StatefulSet redis", "/spec/template/spec/affinity"),
                mistake(
                        spread,
                        "StatefulSet redis",
                        "replace",
                        "/spec/template/spec/topologySpreadConstraints/0/labelSelector/matchLabels/app.kubernetes.io~1name",
                        "nats"),
                mistake(scaler, "HorizontalPodAutoscaler order-api", "replace", "/spec/scaleTargetRef/name", "orders"),
                mistake(scaler, "HorizontalPodAutoscaler order-api", "replace", "/spec/maxReplicas", "3"),
                mistake(scaler, "Deployment order-api", "add", "/spec/replicas", "3"),
                mistake(
                        scaler,
                        NEW,
                        "add",
                        "/",
                        "{ apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: { name: x, namespace: catga },"
                                + " spec: { scaleTargetRef: { kind: Deployment, name: order-api } } }"));
    }

    private static Stream<Mistake> network() {
        String deny = "nothing is allowed that no policy names";
        String exists = "network policies name pods and ports that exist";
        String exact = "the network lets through what is needed, and no more";
        return Stream.of(
                mistake(deny, "NetworkPolicy default-deny", "replace", "/spec/policyTypes", "[Ingress]"),
                removed(deny, "NetworkPolicy dns", "/spec/egress/0/ports/1"),
                mistake(
                        exists,
                        "NetworkPolicy ingress",
                        "replace",
                        "/spec/podSelector/matchExpressions/0/values",
                        "[orders]"),
                mistake(exists, "NetworkPolicy monitoring", "replace", "/spec/ingress/0/ports/0/port", "metrics"),
                mistake(
                        exists,
                        "NetworkPolicy order-api",
                        "add",
                        "/spec/egress/-",
                        "{ to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: nats } } }], ports: [{ port: tls }] }"),
                removed(exact, "NetworkPolicy redis", "/spec/egress/1"),
                removed(exact, "NetworkPolicy sentinel", "/spec/ingress/0/from/2"),
                removed(exact, "NetworkPolicy applications", "/spec/egress/0"),
                mistake(
                        exact,
                        "NetworkPolicy nats",
                        "replace",
                        "/spec/ingress/1/ports",
                        "[{ port: routes }, { port: 6222 }, { port: client }]"),
                mistake(
                        exact,
                        "NetworkPolicy applications",
                        "replace",
                        "/spec/ingress/0/from/0/podSelector/matchLabels",
                        "{ app.kubernetes.io/name: order-service }"),
                mistake(
                        exact,
                        "NetworkPolicy redis",
                        "add",
                        "/spec/egress/-",
                        "{ to: [{ podSelector: { matchLabels: { app.kubernetes.io/component: application } } }],"
                                + " ports: [{ port: http }] }"));
    }

    private static Stream<Mistake> settings() {
        String nodes = "applications are told all nodes";
        String names = "an instance has the name of its pod";
        return Stream.of(
                mistake(
                        "NATS knows all its nodes",
                        "StatefulSet nats",
                        "replace",
                        CONTAINER + "/env/1/value",
                        "nats-0.nats nats-1.nats"),
                mistake(
                        "NATS knows all its nodes",
                        "StatefulSet nats",
                        "replace",
                        CONTAINER + "/env/1/value",
                        "nats-0.nats nats-1 nats-2.nats"),
                mistake(
                        "JetStream fits its volume",
                        "StatefulSet nats",
                        "replace",
                        "/spec/volumeClaimTemplates/0/spec/resources/requests/storage",
                        "2Gi"),
                text(
                        "NATS and Redis are set as in the compose files",
                        "redis-config",
                        "redis.conf",
                        "appendonly yes",
                        ""),
                text("NATS and Redis are set as in the compose files", "nats-config", "nats.conf", "ping_max: 2", ""),
                text(
                        "NATS and Redis are set as in the compose files",
                        "nats-config",
                        "nats.conf",
                        "include \"../tmp/users.conf\"",
                        ""),
                text(
                        "NATS and Redis are set as in the compose files",
                        "nats-config",
                        "nats.conf",
                        "authorization { user: routes, password: $PASSWORD_ROUTES }",
                        ""),
                mistake(nodes, "ConfigMap catga-apps", "replace", "/data/CATGA_NATS_SERVERS", "nats://nats-0:4222"),
                mistake(nodes, "ConfigMap catga-apps", "replace", "/data/CATGA_REDIS_SENTINELS", "sentinel-0:26379"),
                mistake(
                        "applications read the variables that they are given",
                        "ConfigMap catga-apps",
                        "add",
                        "/data/CATGA_REDIS_PASSPHRASE",
                        "x"),
                mistake(
                        "applications read the variables that they are given",
                        "Deployment order-api",
                        "add",
                        CONTAINER + "/env/-",
                        "{ name: SERVER_PROT, value: \"8080\" }"),
                removed(names, "StatefulSet notification-service", CONTAINER + "/env/0"),
                mistake(
                        names,
                        "StatefulSet nats",
                        "replace",
                        CONTAINER + "/env/0/valueFrom/fieldRef/fieldPath",
                        "metadata.namespace"));
    }

    /** A configuration file in which something is replaced. */
    private static Mistake text(String rule, String map, String file, String what, String by) {
        String old = Manifests.of(base())
                .find("ConfigMap", map)
                .orElseThrow()
                .at("data", file)
                .text();
        String changed = old.replace(what, by);
        assertThat(changed).isNotEqualTo(old);
        return new Mistake(
                rule,
                "ConfigMap " + map,
                new Yaml().dump(List.of(Map.of("op", "replace", "path", "/data/" + file, "value", changed))));
    }

    /** With the components whose objects are changed above; KEDA takes an autoscaler away. */
    private static List<Map<String, Object>> base() {
        List<Map<String, Object>> documents = Kustomization.documents(Project.path("kubernetes"));
        documents.addAll(StrictYaml.documents(Project.path("kustomize/components/ingress/ingress.yml")));
        documents.addAll(
                StrictYaml.documents(Project.path("kustomize/components/service-monitor/service-monitor.yml")));
        return documents;
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void isSeenByItsRuleAlone(Mistake mistake) {
        List<Map<String, Object>> documents = base();
        Tree change = new Tree(StrictYaml.parse(mistake.change()));
        if (mistake.object().equals(NEW)) {
            Object value = change.list().getFirst().at("value").value();
            documents.add(new HashMap<>(StrictYaml.map(Objects.requireNonNull(value))));
        } else {
            Map<String, Object> meant = documents.stream()
                    .filter(document -> new Resource(document).title().equals(mistake.object()))
                    .findFirst()
                    .orElseThrow();
            JsonPatch.apply(change, meant);
        }
        assertThat(Rules.complaints(Manifests.of(documents))).containsOnlyKeys(mistake.rule());
    }

    @Test
    void thereIsAMistakeForEachRule() {
        Set<String> planted = mistakes().map(Mistake::rule).collect(Collectors.toCollection(TreeSet::new));
        assertThat(planted).isEqualTo(new TreeSet<>(Rules.ALL.keySet()));
    }
}
