package io.catga.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainersTest {

    private static final Instant MENDED = Instant.parse("2026-01-01T12:00:00Z");

    /** As Docker writes it, with the time zone of its host. */
    @ParameterizedTest
    @CsvSource({
        "running, healthy, 0, 2026-01-01T13:00:01.5+01:00, true",
        "running, healthy, 0, 2026-01-01T11:59:59.5Z, false",
        "running, healthy, 1, 2026-01-01T12:00:01Z, false",
        "running, starting, 0, 2026-01-01T12:00:01Z, false",
        "paused, healthy, 0, 2026-01-01T12:00:01Z, false",
    })
    void aContainerIsHealthyWhenItHasPassedACheckThatBeganAfterwards(
            String status, String health, int exitCode, String start, boolean healthy) {
        String state = """
                {"Status":"%s","Health":{"Status":"%s","Log":[
                  {"Start":"2026-01-01T11:00:00Z","ExitCode":0},{"Start":"%s","ExitCode":%d}]}}""".formatted(status, health, start, exitCode);

        assertThat(Containers.isHealthy(Http.JSON.readTree(state), MENDED)).isEqualTo(healthy);
    }
}
