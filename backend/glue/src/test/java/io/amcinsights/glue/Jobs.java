package io.amcinsights.glue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the job for several lakes in one Spark, which takes long to start. Arguments: a file to
 * write, then the folder of each lake and the key of its plan. Of each lake the file tells in one
 * line what went wrong; the line is empty where nothing did.
 */
public final class Jobs {

    private Jobs() {}

    public static void main(String[] arguments) throws Exception {
        List<String> problems = new ArrayList<>();
        for (int i = 1; i < arguments.length; i += 2) {
            String[] job = {"--JOB_NAME", "x", "--lake", arguments[i], "--plan", arguments[i + 1]};
            try {
                TransformJob.main(job);
                problems.add("");
            } catch (Exception e) {
                e.printStackTrace();
                String problem = e.getClass().getName() + " : " + e.getMessage();
                problems.add(problem.replace('\n', ' '));
            }
        }
        Files.write(Path.of(arguments[0]), problems);
    }
}
