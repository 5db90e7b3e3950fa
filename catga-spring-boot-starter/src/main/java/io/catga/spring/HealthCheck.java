package io.catga.spring;

import java.util.function.BooleanSupplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * One line of {@code GET /health}; also a health indicator of Spring Boot's. A check must be quick: it is asked every few
 * seconds. Thread-safe where the check is.
 */
public final class HealthCheck extends AbstractHealthIndicator {

    private final String label;
    private final BooleanSupplier check;

    /**
     * With this name and this question.
     *
     * @param label what the line is called
     * @param check whether all is well; throwing means that it is not
     */
    public HealthCheck(String label, BooleanSupplier check) {
        super(label + " could not be checked");
        this.label = label;
        this.check = check;
    }

    /** What the line in {@code GET /health} is called, such as {@code NATS_Connection}. */
    public String label() {
        return label;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        if (check.getAsBoolean()) {
            builder.up();
        } else {
            builder.down();
        }
    }
}
