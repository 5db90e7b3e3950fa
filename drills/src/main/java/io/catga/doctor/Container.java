package io.catga.doctor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * A container of the cluster.
 *
 * @param service    of the compose file
 * @param state      such as running, paused, exited or restarting
 * @param health     healthy, unhealthy, starting, or none
 * @param complaint  what its health check printed last
 * @param exitCode   of a container that has ended
 * @param outOfMemory whether the kernel ended it for want of memory
 * @param restarts   how often the engine has started it again by itself
 * @param image      the id of its image
 * @param memory     the share of its limit that it uses, from 0 to 1; negative: unknown
 * @param networks   that it is in
 * @param addresses  in these networks
 * @param ports      of the host that it publishes
 * @param published  the address on the host under which its ports are published
 */
record Container(
        String name,
        String service,
        String state,
        String health,
        String complaint,
        int exitCode,
        boolean outOfMemory,
        int restarts,
        String image,
        double memory,
        Set<String> networks,
        Set<String> addresses,
        List<Integer> ports,
        String published) {

    static final String NETWORK = "cluster-network";

    private static final int LONGEST_COMPLAINT = 200;

    /** Of what 'docker inspect' prints. */
    static List<Container> readAll(JsonNode inspected) {
        List<Container> all = new ArrayList<>();
        for (JsonNode one : inspected) {
            all.add(read(one));
        }
        all.sort(Comparator.comparing(Container::name));
        return List.copyOf(all);
    }

    private static Container read(JsonNode one) {
        JsonNode state = one.path("State");
        JsonNode health = state.path("Health");
        JsonNode log = health.path("Log");
        String complaint = log.isEmpty()
                ? ""
                : log.get(log.size() - 1).path("Output").asString("").strip();
        JsonNode labels = one.path("Config").path("Labels");
        Set<String> networks = new TreeSet<>();
        Set<String> addresses = new TreeSet<>();
        one.path("NetworkSettings").path("Networks").properties().forEach(network -> {
            networks.add(network.getKey());
            String address = network.getValue().path("IPAddress").asString("");
            if (!address.isEmpty()) {
                addresses.add(address);
            }
        });
        List<Integer> ports = new ArrayList<>();
        String published = "127.0.0.1";
        for (JsonNode bindings : one.path("HostConfig").path("PortBindings")) {
            for (JsonNode binding : bindings) {
                ports.add(binding.path("HostPort").asInt(0));
                String address = binding.path("HostIp").asString("");
                published = address.isEmpty() || address.equals("0.0.0.0") ? "127.0.0.1" : address;
            }
        }
        return new Container(
                one.path("Name").asString("").replaceFirst("^/", ""),
                labels.path("com.docker.compose.service").asString(""),
                state.path("Status").asString(""),
                health.path("Status").asString("none"),
                complaint.substring(0, Math.min(complaint.length(), LONGEST_COMPLAINT)),
                state.path("ExitCode").asInt(0),
                state.path("OOMKilled").asBoolean(false),
                one.path("RestartCount").asInt(0),
                one.path("Image").asString(""),
                -1,
                Set.copyOf(networks),
                Set.copyOf(addresses),
                ports.stream().sorted().toList(),
                published);
    }

    Container withMemory(double share) {
        return new Container(
                name,
                service,
                state,
                health,
                complaint,
                exitCode,
                outOfMemory,
                restarts,
                image,
                share,
                networks,
                addresses,
                ports,
                published);
    }

    boolean isRunning() {
        return state.equals("running");
    }

    /** The application or the kind of infrastructure that it is an instance of. */
    String kind() {
        return service.replaceFirst("-\\d+$", "");
    }
}
