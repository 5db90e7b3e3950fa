package io.catga.spring;

import io.catga.Described;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * {@code /actuator/catga}: how this application takes part. Its messages with their handlers and pipelines, and what its
 * transports and stores say of themselves.
 */
@Endpoint(id = "catga")
final class CatgaEndpoint {

    private final Map<String, Described> components;

    CatgaEndpoint(Map<String, Described> components) {
        this.components = components;
    }

    @ReadOperation
    Map<String, Object> describe() {
        Map<String, Object> all = new LinkedHashMap<>();
        components.forEach((bean, component) -> all.put(bean, component.describe()));
        return all;
    }
}
