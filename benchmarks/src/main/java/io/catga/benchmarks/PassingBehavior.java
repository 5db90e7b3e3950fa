package io.catga.benchmarks;

import io.catga.pipeline.Behavior;
import io.catga.pipeline.Placement;
import io.catga.pipeline.Stage;
import io.catga.pipeline.Step;
import io.catga.pipeline.Target;
import java.util.List;
import java.util.Optional;

/** A behaviour that does nothing, for the cost of having one. */
final class PassingBehavior implements Behavior {

    /** Three that are not the same code, as real ones are not: calling one step three times would be cheaper. */
    static List<Behavior> three() {
        return List.of(
                new PassingBehavior((context, next) -> next.proceed(context)),
                new PassingBehavior((context, next) -> next.proceed(context)),
                new PassingBehavior((context, next) -> next.proceed(context)));
    }

    private final Step step;

    private PassingBehavior(Step step) {
        this.step = step;
    }

    @Override
    public Placement placement() {
        return Placement.before(Stage.TRACING);
    }

    @Override
    public Optional<Step> stepFor(Target target) {
        return Optional.of(step);
    }
}
