package io.catga.kubernetes;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Holds each object to its description in the API: no field that is unknown, none that is missing, no wrong type. */
final class Schemas {

    /** Throws what it finds. */
    @FunctionalInterface
    private interface Check {
        void accept(JsonElement object) throws IOException;
    }

    private record Schema(Class<?> type, Check check) {}

    private static final Map<String, Schema> KNOWN = Map.of(
            "v1 Secret", new Schema(V1Secret.class, V1Secret::validateJsonElement),
            "v1 Namespace", new Schema(V1Namespace.class, V1Namespace::validateJsonElement),
            "v1 ConfigMap", new Schema(V1ConfigMap.class, V1ConfigMap::validateJsonElement),
            "v1 Service", new Schema(V1Service.class, V1Service::validateJsonElement),
            "apps/v1 Deployment", new Schema(V1Deployment.class, V1Deployment::validateJsonElement),
            "apps/v1 StatefulSet", new Schema(V1StatefulSet.class, V1StatefulSet::validateJsonElement),
            "policy/v1 PodDisruptionBudget",
                    new Schema(V1PodDisruptionBudget.class, V1PodDisruptionBudget::validateJsonElement),
            "autoscaling/v2 HorizontalPodAutoscaler",
                    new Schema(V2HorizontalPodAutoscaler.class, V2HorizontalPodAutoscaler::validateJsonElement),
            "networking.k8s.io/v1 NetworkPolicy",
                    new Schema(V1NetworkPolicy.class, V1NetworkPolicy::validateJsonElement),
            "networking.k8s.io/v1 Ingress", new Schema(V1Ingress.class, V1Ingress::validateJsonElement));

    /** Of others, whose descriptions are in no library. */
    private static final Set<String> WITHOUT =
            Set.of("monitoring.coreos.com/v1 ServiceMonitor", "keda.sh/v1alpha1 ScaledObject");

    private Schemas() {}

    static Stream<String> complaints(Manifests all) {
        return all.resources().stream().flatMap(Schemas::complaints);
    }

    private static Stream<String> complaints(Resource resource) {
        String type = resource.at("apiVersion").text() + " " + resource.kind();
        Schema schema = KNOWN.get(type);
        if (schema == null) {
            return WITHOUT.contains(type) ? Stream.of() : Stream.of(resource.title() + ": there is no " + type);
        }
        JsonElement json = new Gson().toJsonTree(resource.content());
        try {
            schema.check().accept(json);
            var _ = JSON.getGson().fromJson(json, schema.type());
            return Stream.of();
        } catch (IOException | IllegalArgumentException | JsonParseException e) {
            return Stream.of(resource.title() + ": " + e.getMessage());
        }
    }
}
