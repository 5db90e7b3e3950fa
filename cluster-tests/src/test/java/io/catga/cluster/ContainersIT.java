package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the containers are set up, where a mistake shows only when something breaks. */
@ClusterTest
class ContainersIT {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    /**
     * With the settings of each container, on a network whose outer name service never answers: who looks for one that was
     * killed must hear at once that it is not there, and a Sentinel that has to wait replaces no master.
     */
    @ParameterizedTest
    @ValueSource(strings = {"cluster-sentinel-1", "cluster-redis-2", "cluster-nats-1", "cluster-order-service-1"})
    void aNameThatIsGoneIsNotLookedForOutside(String container) {
        String settings = inspect(
                container,
                "{{range .HostConfig.DnsOptions}}--dns-opt={{.}} {{end}}{{range .HostConfig.DnsSearch}}--dns-search={{.}} {{end}}");
        List<String> command = new ArrayList<>(List.of("docker", "run", "--rm", "--network", Cluster.NETWORK));
        command.addAll(List.of("--dns", "127.0.0.1"));
        command.addAll(List.of(settings.split(" ")));
        command.addAll(List.of("--entrypoint", "sh", inspect(container, "{{.Config.Image}}"), "-c"));
        command.add("getent hosts redis-1 && timeout 1 getent hosts nobody-has-this; echo ended with $?");

        Shell.Outcome outcome = Shell.run(LIMIT, Map.of(), command.toArray(String[]::new));

        // 2: not found; 124 would be the time-out
        assertThat(outcome.output()).contains("redis-1").contains("ended with 2");
    }

    @Test
    void theJvmTakesFurtherFlagsAndForgetsFailedLookUps() {
        Shell.Outcome outcome = Shell.docker(
                "run",
                "--rm",
                "-e",
                "JVM_OPTIONS=-XX:TieredStopAtLevel=4 -XX:+PrintFlagsFinal -XshowSettings:security:properties -version",
                "catga/order-api");

        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        assertThat(outcome.output())
                .containsPattern("TieredStopAtLevel += 4 ")
                .contains("networkaddress.cache.negative.ttl=0");
    }

    /** What docs/security.md says of all of them. */
    @Test
    void noContainerHasMoreRightsThanItNeeds() {
        assertThat(Cluster.containers()).hasSizeGreaterThan(20).allSatisfy(container -> {
            assertThat(inspect(
                            container,
                            "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}}"
                                    + " {{.HostConfig.Privileged}}"))
                    .isEqualTo("true [ALL] [] false");
            if (container.matches("cluster-(order|notification|nginx).*")) {
                assertThat(inspect(container, "{{.HostConfig.SecurityOpt}}")).isEqualTo("[no-new-privileges:true]");
            }
            assertThat(inspect(container, "{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}"))
                    .matches("[1-9]\\d+ [1-9]\\d+");
            assertThat(inspect(container, "{{json .HostConfig.PortBindings}}"))
                    .doesNotContain("\"HostIp\":\"\"", "0.0.0.0");
            assertThat(inspect(container, "{{json .Mounts}}")).doesNotContain("docker.sock");
            // what it is, not what it says: an entry point can give up root, or not
            assertThat(Shell.docker("top", container, "-o", "pid,uid").lines().stream()
                            .skip(1)
                            .map(line -> line.strip().split(" +")[1]))
                    .isNotEmpty()
                    .doesNotContain("0");
        });
    }

    private static String inspect(String container, String format) {
        return Shell.docker("inspect", "-f", format, container).output().strip();
    }
}
