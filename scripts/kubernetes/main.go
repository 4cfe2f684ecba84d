// Validates Jobs as the API server of Kubernetes does: ValidateJob of k8s.io/kubernetes, after its defaults.
//
//	lockstep k8s STORE --image IMAGE | (cd scripts/kubernetes && go run -mod=mod .)
//
// Prints each fault, and ends with 1 where there is one. Unknown fields are faults.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	yamlreader "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	"k8s.io/kubernetes/pkg/apis/batch/validation"
	apivalidation "k8s.io/kubernetes/pkg/apis/core/validation"
)

func main() {
	reader := yamlreader.NewYAMLReader(bufio.NewReader(os.Stdin))
	scheme := legacyscheme.Scheme
	serializer := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, json.SerializerOptions{Yaml: true, Strict: true})
	jobs, faults := 0, 0
	fault := func(format string, values ...any) {
		fmt.Printf(format+"\n", values...)
		faults++
	}
	for {
		document, err := reader.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			fault("cannot read: %v", err)
			break
		}
		object, _, err := serializer.Decode(document, nil, nil)
		if err != nil {
			fault("document %d: %v", jobs+1, err)
			continue
		}
		external, isJob := object.(*batchv1.Job)
		if !isJob {
			fault("expected a Job, got %T", object)
			continue
		}
		jobs++
		scheme.Default(external)
		if external.Namespace == "" {
			external.Namespace = "default"
		}
		internal := &batch.Job{}
		if err := scheme.Convert(external, internal, nil); err != nil {
			fault("%s: %v", external.Name, err)
			continue
		}
		// The API server makes the selector itself, from the job's identifier.
		manual := true
		internal.Spec.ManualSelector = &manual
		internal.Spec.Selector = &metav1.LabelSelector{MatchLabels: external.Spec.Template.Labels}
		for _, err := range validation.ValidateJob(internal, validation.JobValidationOptions{PodValidationOptions: apivalidation.PodValidationOptions{}}) {
			fault("%s: %v", internal.Name, err)
		}
	}
	if jobs == 0 && faults == 0 {
		fault("expected a Job, got none")
	}
	if faults > 0 {
		os.Exit(1)
	}
	fmt.Printf("%d Jobs are valid\n", jobs)
}
