package io.catga.spring;

import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** One line of {@code GET /health}. */
final class HealthCheck extends AbstractHealthIndicator {

    private final Supplier<Boolean> check;

    HealthCheck(Supplier<Boolean> check) {
        super("the check itself failed");
        this.check = check;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        if (check.get()) {
            builder.up();
        } else {
            builder.down();
        }
    }
}
